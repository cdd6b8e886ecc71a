"""Make passages searchable: words, vectors, fusion, and the store on disk."""
