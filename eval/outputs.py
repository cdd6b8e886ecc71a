"""Write a run to a folder: results.jsonl, summary.json, results.csv, junit.xml, report.html."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from eval.report import report_html
from eval.score import Result
from eval.summary import Summary
from ingest.errors import BadGold

_COLUMNS = ("id", "kind", "language", "hard", "slip", "half", "chapter", "right")


def write_run(folder: Path, results: list[Result], summary: Summary, comparison: dict[str, Any] | None) -> None:
    """Write everything that a run leaves behind."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(summary, folder / "summary.json")
    write_results(results, folder / "results.jsonl")
    write_csv(results, folder / "results.csv")
    write_junit(results, folder / "junit.xml")
    (folder / "report.html").write_text(report_html(summary, results, comparison), "utf-8")
    if comparison:
        write_json(comparison, folder / "comparison.json")


def write_results(results: list[Result], path: Path) -> None:
    """Write one JSON object an item."""
    lines = (json.dumps(r, ensure_ascii=False) + "\n" for r in results)
    path.write_text("".join(lines), "utf-8", newline="\n")


def read_results(folder: Path) -> list[Result]:
    """Read the results of an earlier run from its folder or its results.jsonl."""
    path = folder / "results.jsonl" if folder.is_dir() else folder
    try:
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    except (OSError, ValueError) as error:
        raise _no_run(folder, "results.jsonl") from error


def read_summary(folder: Path) -> Summary:
    """Read the figures of an earlier run from its folder."""
    try:
        return dict(json.loads((folder / "summary.json").read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise _no_run(folder, "summary.json") from error


def _no_run(folder: Path, name: str) -> BadGold:
    return BadGold(
        f"{folder} holds no {name} of an earlier run: give the folder that --report wrote.",
        f"{folder} 中没有以往评测的 {name}:请给出 --report 写出的文件夹。",
    )


def write_json(value: Any, path: Path) -> None:
    """Write indented JSON with sorted keys."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8", newline="\n")


def write_csv(results: list[Result], path: Path) -> None:
    """Write a table that Excel opens with Chinese intact (UTF-8 with a byte-order mark)."""
    names = sorted({n for r in results for n in r["metrics"]} - {"right"})
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow([*_COLUMNS, *names, "ms", "question", "answer", "missing", "cited", "error"])
        for result in results:
            scores = ["" if result["metrics"].get(n) is None else result["metrics"][n] for n in names]
            table.writerow([*(result[c] for c in _COLUMNS), *scores, *(_safe(cell) for cell in _texts(result))])


def _texts(result: Result) -> list[Any]:
    turns = result["turns"]
    return [
        round(sum(t["ms"] for t in turns), 1),
        "\n".join(t.get("question", "") for t in turns),
        "\n".join(t.get("answer", "") for t in turns),
        "; ".join(f for t in turns for f in t.get("missing", ())),
        "; ".join(c["reference"] for t in turns for c in t.get("citations", ())),
        "; ".join(t["error"] for t in turns if t.get("error")),
    ]


def _safe(cell: Any) -> Any:
    """Keep a spreadsheet from reading a text as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def write_junit(results: list[Result], path: Path) -> None:
    """Write JUnit XML: one case an item, wrong ones as failures, broken ones as errors."""
    wrong = [r for r in results if not r["right"]]
    root = ElementTree.Element("testsuites")
    suite = ElementTree.SubElement(root, "testsuite", name="gold", tests=str(len(results)), failures=str(len(wrong)))
    for result in results:
        seconds = sum(t["ms"] for t in result["turns"]) / 1_000
        case = ElementTree.SubElement(
            suite, "testcase", classname=result["kind"], name=result["id"], time=f"{seconds:.3f}"
        )
        if not result["right"]:
            missing = "; ".join(f for t in result["turns"] for f in t.get("missing", ()))
            ElementTree.SubElement(case, "failure", message=_printable(missing) or "not right")
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _printable(text: str) -> str:
    """Drop what XML 1.0 cannot hold."""
    return "".join(c for c in text if c.isprintable() or c in "\n\t")
