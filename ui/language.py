"""In which language a face speaks: that of the question, else that of the machine."""

from __future__ import annotations

import os
import re

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")


def language_of(text: str, default: str = "en") -> str:
    """Return zh for a text with Chinese characters, en for one with Latin letters, else the default."""
    if _CHINESE.search(text):
        return "zh"
    return "en" if _LATIN.search(text) else default


def locale_language() -> str:
    """Return the language that this machine's locale asks for."""
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next((n for n in names if n), "").startswith("zh") else "en"
