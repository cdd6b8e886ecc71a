"""What the tests of answers share: how to check that an answer says nothing that its citations do not."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from assistant.answer import Answer
from assistant.question import figures_in
from ingest.model import Plan

_OWN = re.compile(
    r"\[\d+\]|共 \d+ 项:?|^\d+\. |目录页码第 \d+ 页", re.M
)  # marks and counts, which are the assistant's own


@pytest.fixture(scope="session")
def faithful(plan: Plan) -> Callable[[Answer], None]:
    """Return a check: quotes verbatim, marks in order and all resolved, every figure in a cited quote."""

    def check(answer: Answer) -> None:
        for citation in (*answer.citations, *answer.nearest):
            assert plan.text[citation.start : citation.end] == citation.quote
            assert citation.reference.startswith(f"《{plan.info.title}》")
            assert citation.anchor == f"/plans/{plan.id}#{citation.start}-{citation.end}"
        assert [c.mark for c in answer.citations] == list(range(1, len(answer.citations) + 1))
        assert {int(m) for m in re.findall(r"\[(\d+)\]", answer.answer)} == {c.mark for c in answer.citations}
        if answer.language == "zh":
            cited = figures_in("\n".join(c.quote for c in answer.citations))
            assert figures_in(_OWN.sub("", answer.answer.replace(plan.info.title, ""))) <= cited

    return check
