"""Judge how likely each sentence of a plan belongs in an answer over several sections.

One logistic regression over a few signals, fitted on dev questions by `python -m eval.calibrate`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from assistant.logistic import Column, read_logistics
from assistant.question import Question
from index.weighing import Weighed

RELEVANCE = Path(__file__).parent / "data" / "relevance.json"


def relevance(signals: dict[str, Column]) -> Column:
    """Return the probability of each sentence, from signals of shape (sentences,) each."""
    return read_logistics(RELEVANCE)["written" if signals["asked"].any() else "plain"].probability(signals)


def signals(
    question: Question,
    weighed: Weighed,
    named: Column,
    titled: Column,
    figures: Column,
    vision: Column,
    review: Column,
    rows: Column,
) -> dict[str, Column]:
    """Return what speaks for each sentence, by name.

    `named` is the weight of the names it shares with the question, `titled` is 1 for a sentence
    under a title that shares one, `figures` 1 for one with a figure where figures are asked for,
    `vision` 1 for one of the vision where that is asked for, `review` 1 for one that looks back,
    `rows` 1 for a row of a table.
    """
    best = np.max([weighed.own, weighed.translated, weighed.asked], axis=0)
    rank = np.argsort(np.argsort(-best, kind="stable"), kind="stable")
    other = np.zeros_like(review) if question.past is None else np.abs(review - float(question.past))
    return {
        "own": weighed.own,
        "translated": weighed.translated,
        "asked": weighed.asked,
        "themed": weighed.themed,
        "standing": weighed.standing,
        "rank": -np.log1p(rank).astype(np.float32),
        "named": named,
        "titled": titled,
        "review": review,
        "row": rows,
        "figures": figures,
        "vision": vision,
        "other_tense": other,
    }
