"""Check a gold file against its format and its plan, naming every fault by line, all at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.answer import Reason
from ingest.errors import BadGold
from ingest.model import Plan

ANSWERED = ("fact", "name", "list", "slogan", "measure", "comparison", "whole")
KINDS = (*ANSWERED, "dialog", "unanswerable")
LANGUAGES = ("zh", "en")
FORMATS = ("plan-assistant-gold/1",)
_ITEM_KEYS = {"id", "question", "turns", "language", "kind", "hard", "slip", "topic", "half"}
_TURN_KEYS = {"question", "kind", "facts", "evidence", "sections", "reasons"}

Row = dict[str, Any]
Line = tuple[int, Row]
Fault = tuple[int, str]


def gold_lines(path: Path) -> tuple[list[Line], list[Fault]]:
    """Read the JSON objects of a file with their line numbers, and what is no JSON object."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadGold(
            f"{path} cannot be read ({error.strerror}): give the path of a gold file.",
            f"无法读取 {path}({error.strerror}):请给出题库文件的路径。",
        ) from error
    lines: list[Line] = []
    faults: list[Fault] = []
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        if not line.strip():
            continue
        found = _object(line)
        if isinstance(found, str):
            faults.append((number, found))
        else:
            lines.append((number, found))
    if not any("format" not in row for _, row in lines) and not faults:
        faults.append((1, "there is no question in this file"))
    return lines, faults


def _object(line: bytes) -> Row | str:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return "the line is not UTF-8; save the file as UTF-8"
    except ValueError as error:
        return f"the line is not JSON ({error})"
    return row if isinstance(row, dict) else "the line is not a JSON object"


def check_lines(lines: list[Line], plan: Plan) -> list[Fault]:
    """Return every fault of the parsed lines, with its line."""
    faults: list[Fault] = []
    ids: dict[str, int] = {}
    places = {f"{s.chapter}.{s.section}" for s in plan.sections} | {f"{p.chapter}.{p.section}" for p in plan.passages}
    for number, row in lines:
        if "format" in row:
            faults += [(number, fault) for fault in _header(row, plan)]
            continue
        faults += [(number, fault) for fault in _item(row, plan, places)]
        key = row.get("id")
        if isinstance(key, str) and key in ids:
            faults.append((number, f"id {key!r} is already that of line {ids[key]}"))
        elif isinstance(key, str):
            ids[key] = number
    return faults


def _header(row: Row, plan: Plan) -> Iterator[str]:
    if row["format"] not in FORMATS:
        yield f"format {row['format']!r} is not known; this version reads {FORMATS[0]}"
    if row.get("plan", plan.id) != plan.id:
        yield f"the file is for plan {row['plan']!r}, not {plan.id!r}"


def _item(row: Row, plan: Plan, places: set[str]) -> Iterator[str]:
    if unknown := sorted(row.keys() - _ITEM_KEYS - _TURN_KEYS):
        yield f"unknown field {', '.join(unknown)}"
    if not isinstance(row.get("id"), str) or not row["id"]:
        yield "id is missing or no text"
    yield from _choice(row, "language", LANGUAGES)
    yield from _choice(row, "kind", KINDS)
    if "half" in row:
        yield from _choice(row, "half", ("dev", "test"))
    for key in ("hard", "slip"):
        if not isinstance(row.get(key, False), bool):
            yield f"{key} must be true or false"
    if row.get("kind") == "dialog" or "turns" in row:
        yield from _dialog(row, plan, places)
    else:
        yield from _turn(row, plan, places, row.get("kind") == "unanswerable")


def _choice(row: Row, key: str, allowed: tuple[str, ...]) -> Iterator[str]:
    if row.get(key) not in allowed:
        yield f"{key} {row.get(key)!r} must be one of {', '.join(allowed)}"


def _dialog(row: Row, plan: Plan, places: set[str]) -> Iterator[str]:
    turns = row.get("turns")
    if row.get("kind") != "dialog" or not isinstance(turns, list) or len(turns) < 2:
        yield "a dialog has kind dialog and turns, a list of two or more"
        return
    for position, turn in enumerate(turns, 1):
        if not isinstance(turn, dict):
            yield f"turn {position}: it is no JSON object"
            continue
        if unknown := sorted(turn.keys() - _TURN_KEYS):
            yield f"turn {position}: unknown field {', '.join(unknown)}"
        for fault in _turn(turn, plan, places, bool(turn.get("reasons"))):
            yield f"turn {position}: {fault}"


def _turn(row: Row, plan: Plan, places: set[str], refused: bool) -> Iterator[str]:
    question = row.get("question")
    if not isinstance(question, str) or not question.strip():
        yield "question is missing or empty"
    yield from _reasons(row, refused)
    if not refused:
        yield from _facts(row)
    yield from _evidence(row, plan, refused)
    for place in as_list(row, "sections"):
        if place not in places:
            yield f"the plan has no section {place!r} (write chapter.section, as 10.2)"


def _reasons(row: Row, refused: bool) -> Iterator[str]:
    reasons = as_list(row, "reasons")
    if refused and not reasons:
        yield "an unanswerable question needs reasons, a list with the best one first"
    if not refused and reasons:
        yield "only an unanswerable question has reasons"
    for reason in reasons:
        if reason not in list(Reason):
            yield f"reason {reason!r} must be one of {', '.join(Reason)}"


def _facts(row: Row) -> Iterator[str]:
    facts = row.get("facts")
    if not isinstance(facts, list) or not facts:
        yield "facts is missing or empty: give a list of facts, each a list of accepted forms"
        return
    for fact in facts:
        if not isinstance(fact, list) or not fact or not all(isinstance(f, str) and f.strip() for f in fact):
            yield f"fact {fact!r} must be a list of accepted forms, none empty"


def _evidence(row: Row, plan: Plan, refused: bool) -> Iterator[str]:
    evidence = as_list(row, "evidence")
    if not evidence and not refused:
        yield "evidence is missing or empty: give a list of {start, text} from the plan"
    for one in evidence:
        start, text = (one.get("start"), one.get("text")) if isinstance(one, dict) else (None, None)
        if not isinstance(start, int) or start < 0 or not isinstance(text, str) or not text:
            yield f"evidence {one!r} must be an object with start and text"
        elif plan.text[start : start + len(text)] != text:
            yield _misplaced(plan, start, text)


def _misplaced(plan: Plan, start: int, text: str) -> str:
    at = plan.text.find(text)
    remedy = f"; it stands at {at}" if at >= 0 else "; the plan nowhere reads so"
    return f"the plan does not read {text[:20]!r} at {start}{remedy}"


def as_list(row: Row, key: str) -> list[Any]:
    """Return a field that should be a list, as one."""
    value = row.get(key, [])
    return value if isinstance(value, list) else [value]
