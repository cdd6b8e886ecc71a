"""The commands `plan-assistant eval …`: run, check and draft gold questions."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from typer.core import TyperGroup

from assistant.settings import Settings
from eval.clients import Client, Embedded, Remote, open_scored
from eval.compare import GATES, compare, read_gates
from eval.draft import candidates, draft, from_thumbs_down, read_feedback
from eval.gold import SHIPPED_GOLD, Half, Item, gold_plan, load_gold
from eval.judge import Judge, judge_results
from eval.matrix import markdown_table, run_matrix
from eval.outputs import read_results, read_summary, write_json, write_run
from eval.page import choose, page
from eval.runner import run, seal
from eval.summary import Summary, headline, markdown_headline, summarise
from ingest.errors import BadGold, PlanAssistantError
from ingest.model import Plan


class _RunFirst(TyperGroup):
    """Read `eval FILE --half dev` as `eval run FILE --half dev`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


eval_app = typer.Typer(
    cls=_RunFirst,
    help="Score answers against gold questions; `eval [GOLD]` is short for `eval run [GOLD]`.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@eval_app.command("run")
def run_command(
    gold: Annotated[
        Path, typer.Argument(help="Gold file; the shipped one when left out.", show_default=False)
    ] = SHIPPED_GOLD,
    half: Annotated[Half, typer.Option(help="Half of the gold set.")] = Half.ALL,
    report: Annotated[Path | None, typer.Option(help="Folder to write results and report to.")] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(help="Folder of an earlier run to compare with; exit code 1 when a gated metric fell."),
    ] = None,
    gates: Annotated[
        Path,
        typer.Option(
            help="TOML file of metrics that must not fall; eval/data/gates.toml when left out.", show_default=False
        ),
    ] = GATES,
    url: Annotated[str, typer.Option(help="Score a running server instead of an assistant in this process.")] = "",
    matrix: Annotated[bool, typer.Option("--matrix", help="Compare configurations in one table.")] = False,
    embedder: Annotated[list[str] | None, typer.Option(help="Embedder to add to the matrix; repeatable.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted run in --report.")] = False,
    unseal: Annotated[bool, typer.Option("--unseal", help="Show the items of the test half in the report.")] = False,
    judge_url: Annotated[str, typer.Option(help="OpenAI-compatible endpoint for a second opinion.")] = "",
    judge_model: Annotated[str, typer.Option(help="Model at that endpoint.")] = "",
) -> None:
    """Ask every gold question and score the answers."""
    settings = Settings()
    plan = open_scored(settings).shelf.load(gold_plan(gold) or settings.plan)
    items = chosen(gold, plan, half)
    if matrix:
        return show_matrix(items, settings, plan, embedder or [], report)
    before = read_results(baseline) if baseline else None
    wanted = read_gates(gates)
    client = connect(settings, plan, url)
    results = run(items, client, plan, report, resume=resume)
    summary = {"gold": gold.name, "half": str(half), "scored": client.label, "plan": plan.id, **summarise(results)}
    if judge_url:
        summary["judge"] = judge_results(results, Judge(judge_url, judge_model, os.environ.get("PLAN_JUDGE_KEY", "")))
    results = results if unseal else seal(results)
    comparison = compare(before, results, wanted) if before is not None else None
    if report:
        write_run(report, results, summary, comparison)
    print_summary(summary)
    if comparison:
        print_comparison(comparison)
        raise typer.Exit(1 if comparison["broken_gates"] else 0)
    return None


def connect(settings: Settings, plan: Plan, url: str) -> Client:
    """Return what is asked: the server at a URL, or an assistant with its index ready."""
    if not url:
        assistant = open_scored(settings)
        assistant.searcher(plan.id)
        return Embedded(assistant, plan.id)
    remote = Remote(url, plan.id)
    remote.check()
    return remote


def show_matrix(items: list[Item], settings: Settings, plan: Plan, embedders: list[str], report: Path | None) -> None:
    """Print the table of configurations, and keep it with the report."""
    table = run_matrix(items, settings, plan, embedders)
    text = markdown_table(table)
    typer.echo(text)
    if report:
        report.mkdir(parents=True, exist_ok=True)
        (report / "matrix.md").write_text(text + "\n", "utf-8")
        write_json(table, report / "matrix.json")


def chosen(gold: Path, plan: Plan, half: Half) -> list[Item]:
    """Load one half of a gold file; raise BadGold where it is empty."""
    items = load_gold(gold, plan, half)
    if not items:
        raise BadGold(
            f"{gold.name} has no questions in the half {half}: use --half all.",
            f"{gold.name} 中没有属于 {half} 的题目:请用 --half all。",
        )
    return items


def print_summary(summary: Summary) -> None:
    """Print the headline table."""
    table = Table("figure", "mean", "95%", "n", title=f"{summary['gold']} ({summary['half']}), {summary['scored']}")
    for name, figure in headline(summary):
        table.add_row(name, f"{figure['mean']:.3f}", f"{figure['low']:.3f}-{figure['high']:.3f}", str(figure["n"]))
    console = Console()
    console.print(table)
    times = summary["times"]
    console.print(f"p50 {times['p50_ms']} ms, p95 {times['p95_ms']} ms, errors {summary['errors']}")


def print_comparison(comparison: dict[str, Any]) -> None:
    """Print what changed against the baseline and which gates broke."""
    table = Table(
        "metric", "before", "after", "change", "95%", title=f"{comparison['items']} items against the baseline"
    )
    for c in comparison["changes"]:
        mark = " ✗" if c["broken"] else ""
        interval = f"{c['low']:+.3f} to {c['high']:+.3f}"
        table.add_row(
            c["metric"] + mark, f"{c['before']:.3f}", f"{c['after']:.3f}", f"{c['difference']:+.3f}", interval
        )
    console = Console()
    console.print(table)
    console.print(f"fixed {len(comparison['fixed'])}, broken {len(comparison['broken'])}")
    if comparison["broken_gates"]:
        console.print(f"Gates broken: {', '.join(comparison['broken_gates'])}")


@eval_app.command("check")
def check_command(file: Annotated[Path, typer.Argument(help="Gold file.")]) -> None:
    """Check a gold file against its format and its plan, naming every fault by line."""
    settings = Settings()
    plan = open_scored(settings).shelf.load(gold_plan(file) or settings.plan)
    typer.echo(f"{file.name}: {len(load_gold(file, plan))} items, no fault.")


@eval_app.command("table")
def table_command(folder: Annotated[Path, typer.Argument(help="Folder that --report wrote.")]) -> None:
    """Print a run's headline as the markdown table of the README."""
    typer.echo(markdown_headline(read_summary(folder)))


@eval_app.command("page")
def page_command(
    gold: Annotated[
        Path, typer.Argument(help="Gold file; the shipped one when left out.", show_default=False)
    ] = SHIPPED_GOLD,
    count: Annotated[int, typer.Option(help="How many answers.", min=1)] = 20,
) -> None:
    """Print a page of answers to dev questions of every kind, to be read critically."""
    settings = Settings()
    assistant = open_scored(settings.model_copy(update={"plan": gold_plan(gold) or settings.plan}))
    items = load_gold(gold, assistant.reader().plan, Half.DEV)
    typer.echo(page(assistant, choose(items, count)))


@eval_app.command("new")
def new_command(
    question: Annotated[str, typer.Argument(help="Question to start an entry from.")] = "",
    pick: Annotated[
        str, typer.Option(help="Numbers of the sentences that answer, as 1,3; asked for when left out.")
    ] = "?",
    fact: Annotated[list[str] | None, typer.Option(help="Fact, its forms with / between; repeatable.")] = None,
    kind: Annotated[str, typer.Option(help="Kind of the question.")] = "fact",
    feedback: Annotated[bool, typer.Option("--feedback", help="Start entries from thumbs-down instead.")] = False,
) -> None:
    """Start a gold entry: choose from candidate sentences, or export what people disliked."""
    assistant = open_scored(Settings())
    if feedback:
        for row in read_feedback(assistant.home / "feedback.jsonl"):
            typer.echo(json.dumps(from_thumbs_down(row, assistant), ensure_ascii=False))
        return
    plan = assistant.searcher().plan
    found = candidates(assistant, question)
    for number, sentence in enumerate(found, 1):
        typer.echo(f"{number:2} {plan.text[sentence.start : sentence.end]}", err=True)
    said = typer.prompt("Which answer? (as 1,3; empty: none)", default="", err=True) if pick == "?" else pick
    chosen_ones = [found[int(n) - 1] for n in re.findall(r"\d+", said) if 0 < int(n) <= len(found)]
    typer.echo(json.dumps(draft(question, chosen_ones, plan, fact or (), kind), ensure_ascii=False))


def main(app: Callable[[], None] = eval_app) -> None:
    """Run the commands without the console script: one sentence and exit code 2 for a person's error."""
    try:
        app()
    except PlanAssistantError as error:
        print(error.english, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
