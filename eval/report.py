"""Write a run as one self-contained HTML page: figures, plots, and every item, worst first."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from eval.plots import bars
from eval.score import Result
from eval.summary import Interval, Summary, headline

PAGE = Path(__file__).parent / "data" / "report.html"
_TABLED = ("fact_recall", "cite_precision", "cite_recall", "r1", "r5", "mrr")


def report_html(summary: Summary, results: list[Result], comparison: dict[str, Any] | None = None) -> str:
    """Return the page; Template's `$name` leaves the style's braces and answers' text alone."""
    shown = sorted((r for r in results if not r.get("sealed")), key=badness)
    sealed = len(results) - len(shown)
    note = f"{sealed} items of the test half are sealed: counted above, not shown. 测试集 {sealed} 题只计分、不展示。"
    return Template(PAGE.read_text("utf-8")).substitute(
        title=escape(f"{summary['gold']} · {summary['half']} · {summary['scored']}"),
        headline=_figures(headline(summary)),
        times=escape(f"p50 {summary['times']['p50_ms']} ms · p95 {summary['times']['p95_ms']} ms"),
        plots="".join(_plots(summary)),
        kinds=_kinds(summary),
        comparison=_comparison(comparison, results) if comparison else "",
        filters=_options(sorted({r["kind"] for r in shown})),
        sealed=escape(note) if sealed else "",
        items="".join(_item(r) for r in shown),
    )


def badness(result: Result) -> tuple[bool, float, str]:
    """Order items worst first: wrong before right, then by the facts they hold."""
    recall = result["metrics"].get("fact_recall")
    return bool(result["right"]), 1.0 if recall is None else float(recall), str(result["id"])


def _figures(rows: list[tuple[str, Interval]]) -> str:
    cells = (
        f'<div class="card"><b>{float(f["mean"]):.1%}</b><span>{escape(name)}</span>'
        f"<small>{float(f['low']):.1%} – {float(f['high']):.1%} · n={f['n']}</small></div>"
        for name, f in rows
    )
    return "".join(cells)


def _plots(summary: Summary) -> list[str]:
    titles = {
        "kind": "Right by kind 按题型",
        "chapter": "Right by chapter 按章",
        "language": "Right by language 按语言",
        "hardness": "Right by hardness 按难度",
    }
    return [
        bars(title, [(key, g["right"]) for key, g in summary["groups"].get(name, {}).items()])
        for name, title in titles.items()
    ]


def _kinds(summary: Summary) -> str:
    head = "".join(f"<th>{escape(n.replace('_', ' '))}</th>" for n in ("right", *_TABLED))
    rows = "".join(
        f"<tr><th>{escape(kind)}</th>{''.join(_cell(group.get(n)) for n in ('right', *_TABLED))}</tr>"
        for kind, group in summary["groups"]["kind"].items()
    )
    return f"<table><tr><th></th>{head}</tr>{rows}</table>"


def _cell(figure: Interval | None) -> str:
    return f"<td>{float(figure['mean']):.1%}</td>" if figure else "<td></td>"


def _options(names: list[str]) -> str:
    return "".join(f"<option>{escape(n)}</option>" for n in names)


def _item(result: Result) -> str:
    text = " ".join(f"{t['question']} {t['answer']}" for t in result["turns"])
    state = "right" if result["right"] else "wrong"
    hard = " · hard" if result["hard"] else ""
    return (
        f'<article class="{state}" data-kind="{escape(result["kind"])}" data-language="{escape(result["language"])}" '
        f'data-state="{state}" data-text="{escape(text.lower() + " " + result["id"])}">'
        f"<header>{escape(result['id'])} · {escape(result['kind'])} · {escape(result['language'])}{hard}"
        f"<em>{state}</em></header>{''.join(_turn(t) for t in result['turns'])}</article>"
    )


def _turn(turn: dict[str, Any]) -> str:
    missing = set(turn["missing"])
    facts = "".join(
        f'<li class="{"missing" if forms[0] in missing else "found"}">{escape(" / ".join(forms))}</li>'
        for forms in turn["facts"]
    )
    cited = "".join(
        f"<li>[{escape(str(c['mark']))}] {escape(c['reference'])}: {escape(c['quote'])}</li>" for c in turn["citations"]
    )
    wanted = ", ".join(turn["expected_reasons"])
    got = turn["reason"] or ("refused" if turn["abstained"] else "answered")
    refusal = (
        f"<p>expected refusal: {escape(wanted)}; got: {escape(str(got))}</p>" if wanted or turn["abstained"] else ""
    )
    verdict = f"<p>judge: {escape(turn['judge'])}</p>" if turn.get("judge") else ""
    evidence = "".join(f"<li>{escape(e)}</li>" for e in turn["evidence"])
    return (
        f"<h3>{escape(turn['question'])}</h3><div class='answer'>{markdown(turn['answer'])}</div>"
        f"<ul class='facts'>{facts}</ul>{refusal}{verdict}"
        f"<details><summary>citations and evidence 引用与依据</summary><ul>{cited}</ul><b>evidence</b><ul>{evidence}</ul></details>"
        + (f"<p class='error'>{escape(turn['error'])}</p>" if turn["error"] else "")
    )


def markdown(text: str) -> str:
    """Show the little markdown that answers use; everything else is escaped."""
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(text)).replace("\n", "<br>")


def _comparison(comparison: dict[str, Any], results: list[Result]) -> str:
    rows = "".join(
        f"<tr class='{'wrong' if c['broken'] else ''}'><th>{escape(c['metric'])}</th><td>{c['before']:.3f}</td><td>{c['after']:.3f}</td>"
        f"<td>{c['difference']:+.3f}</td><td>{c['low']:+.3f} – {c['high']:+.3f}</td></tr>"
        for c in comparison["changes"]
    )
    asked = {r["id"]: "" if r.get("sealed") else r["turns"][0]["question"] for r in results}
    lists = "".join(
        f"<td><b>{name} ({len(comparison[name])})</b><ul>{''.join(f'<li>{escape(i)} {escape(asked[i])}</li>' for i in comparison[name])}</ul></td>"
        for name in ("fixed", "broken")
    )
    head = "<tr><th></th><th>before</th><th>after</th><th>change</th><th>95%</th></tr>"
    return f"<h2>Against the baseline 与基线相比</h2><table>{head}{rows}</table><table class='sides'><tr>{lists}</tr></table>"
