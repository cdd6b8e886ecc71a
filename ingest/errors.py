"""Errors that a person can cause, each one sentence with its remedy in two languages.

PlanAssistantError
├── UnreadableFile      a file that cannot be read as a plan
├── UnknownPlan         a plan that is not there
├── DamagedKnowledge    a data file beside a plan that contradicts it
├── StoreError          a home that cannot be written or an index that cannot be built
├── EmbedderUnavailable a model that cannot be loaded
├── BadQuestion         a question that is empty or too long
└── BadGold             a gold file with malformed lines
"""

from __future__ import annotations


class PlanAssistantError(Exception):
    """Base of every error that names its remedy; each edge translates it once."""

    def __init__(self, english: str, chinese: str = "") -> None:
        super().__init__(english)
        self.english, self.chinese = english, chinese or english

    def message(self, language: str) -> str:
        """Return the sentence in `language`, zh or en."""
        return self.chinese if language == "zh" else self.english


class UnreadableFile(PlanAssistantError):
    """Raised for a file that is empty, binary or of an unknown format."""


class UnknownPlan(PlanAssistantError):
    """Raised for a plan id that is neither shipped nor ingested."""


class DamagedKnowledge(PlanAssistantError):
    """Raised for a questions, translation or alias file that does not fit its plan."""


class StoreError(PlanAssistantError):
    """Raised for a home folder or index that cannot be written or read."""


class EmbedderUnavailable(PlanAssistantError):
    """Raised for an embedding model that cannot be had."""


class BadQuestion(PlanAssistantError):
    """Raised for a question that is empty or too long."""


class BadGold(PlanAssistantError):
    """Raised for a gold file; the message lists every fault with its line."""
