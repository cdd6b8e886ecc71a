"""Keep what people think of answers: one line a thumb in feedback.jsonl, with the conversation."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_lock = threading.Lock()


def keep_feedback(home: Path, row: dict[str, Any]) -> None:
    """Append a row with the time; raise OSError when the home cannot be written."""
    line = json.dumps({"time": datetime.now(UTC).isoformat(timespec="seconds"), **row}, ensure_ascii=False)
    with _lock:
        home.mkdir(parents=True, exist_ok=True)
        with (home / "feedback.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")
