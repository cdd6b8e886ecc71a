"""Turn a document into a `Plan`: outline, passages and a full account of its characters."""
