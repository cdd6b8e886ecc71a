"""Turn a question into a cited answer, or an honest refusal."""
