"""Collect an answer piece by piece, within a budget and with its citations."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assistant.answer import Citation, cite
from assistant.evidence import Claim
from ingest.model import Plan, Sentence


@dataclass
class Draft:
    """Collect the text of an answer and its citations; a sentence is cited once."""

    plan: Plan
    budget: int
    pieces: list[str] = field(default_factory=list)
    further: list[str] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    def mark(self, claim: Claim, sentence: Sentence) -> str:
        """Cite a sentence and return its mark."""
        known = next((c for c in self.citations if c.start == sentence.start), None)
        if known is None:
            known = cite(self.plan, claim.passage, sentence.start, sentence.end, len(self.citations) + 1)
            self.citations.append(known)
        return f"[{known.mark}]"

    def marks(self, claim: Claim) -> str:
        """Cite every sentence of a claim."""
        return "".join(self.mark(claim, s) for s in claim.sentences)

    def drop(self) -> None:
        """Leave out what was said last, and the citations that only it has."""
        gone = self.further.pop()
        kept = "".join(self.pieces + self.further)
        self.citations = [c for c in self.citations if f"[{c.mark}]" not in gone or f"[{c.mark}]" in kept]

    @property
    def left(self) -> int:
        """Return how many characters the budget still holds."""
        return self.budget - sum(len(re.sub(r"\[\d+\]|\*\*", "", p)) for p in self.pieces + self.further)

    def text(self, lead: str = "") -> str:
        """Return the markdown; `lead` goes before what is said further."""
        rest = [f"{lead}{self.further[0]}"] if len(self.further) == 1 else []
        if len(self.further) > 1:
            rest = [lead.strip(), "\n".join(f"- {line}" for line in self.further)]
        return "\n\n".join(p for p in self.pieces + rest if p)
