"""Measure on dev questions what is over several sections, and which sentences answer what is."""

from __future__ import annotations

import numpy as np

from assistant import breadth
from assistant.assistant import Assistant
from assistant.evidence import Signals
from assistant.question import read_question
from assistant.router import Route
from eval.gold import Item
from eval.logistic import Flags, Table

Sentences = tuple[list[str], Table, Flags]  # names of signals, those of every sentence, and which ones answer


def breadth_examples(assistant: Assistant, items: list[Item]) -> tuple[list[Signals], list[bool]]:
    """Return the signals of each question, and whether it is over several sections."""
    reader = assistant.reader()
    signals, labels = [], []
    for item in (i for i in items if i.kind != "dialog"):
        understood = reader.understand(item.question)
        found = reader.look(understood)
        routed, worded = understood.odds[Route.WHOLE], understood.worded
        signals.append(breadth.signals(understood.question, routed, worded, found))
        labels.append(item.kind == "whole")
    return signals, labels


def relevance_examples(assistant: Assistant, items: list[Item]) -> list[Sentences]:
    """Return for each question over several sections the signals of the plan's sentences, and which answer it."""
    reader = assistant.reader()
    gather = reader.whole.gather
    rows = []
    for item in (i for i in items if i.kind == "whole"):
        found, _ = gather.signals(read_question(item.question, reader.plan.info.period))
        needed = {e.start for e in item.turns[0].evidence}
        answering = np.array([start in needed for start in gather.weigher.starts])
        rows.append((list(found), np.stack(list(found.values()), axis=1).astype(np.float64), answering))
    return rows
