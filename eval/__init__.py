"""Score an assistant on gold questions: deterministic, without any LLM."""
