"""The faces of the assistant: command line, HTTP service and chat page."""

import os

# Before anything imports Gradio, which would call outside otherwise.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
