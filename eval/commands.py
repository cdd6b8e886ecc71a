"""The commands `plan-assistant eval …`: run, check and draft gold questions."""

from __future__ import annotations

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
from eval.gold import SHIPPED_GOLD, Half, Item, gold_plan, load_gold
from eval.outputs import write_csv, write_json, write_junit, write_results
from eval.runner import run, seal
from eval.summary import Summary, headline, summarise
from ingest.errors import BadGold, PlanAssistantError
from ingest.model import Plan


class _RunFirst(TyperGroup):
    """Read `eval FILE --half dev` as `eval run FILE --half dev`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


eval_app = typer.Typer(cls=_RunFirst, help="Score answers against gold questions.", no_args_is_help=False)


@eval_app.command("run")
def run_command(  # noqa: PLR0917, typer reads options from the signature
    gold: Annotated[Path, typer.Argument(help="Gold file; the shipped one when left out")] = SHIPPED_GOLD,
    half: Annotated[Half, typer.Option(help="Half of the gold set")] = Half.ALL,
    report: Annotated[Path | None, typer.Option(help="Folder to write results and report to")] = None,
    url: Annotated[str, typer.Option(help="Score a running server instead")] = "",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted run in --report")] = False,
    unseal: Annotated[bool, typer.Option("--unseal", help="Show the items of the test half in the report")] = False,
) -> None:
    """Ask every gold question and score the answers."""
    settings = Settings()
    assistant = open_scored(settings)
    plan = assistant.searcher(gold_plan(gold) or settings.plan).plan
    items = chosen(gold, plan, half)
    client: Client = Remote(url, plan.id) if url else Embedded(assistant, plan.id)
    if isinstance(client, Remote):
        client.check()
    results = run(items, client, plan, report, resume=resume)
    results = results if unseal else seal(results)
    summary = {"gold": gold.name, "half": str(half), "scored": client.label, "plan": plan.id, **summarise(results)}
    if report:
        write_json(summary, report / "summary.json")
        write_results(results, report / "results.jsonl")
        write_csv(results, report / "results.csv")
        write_junit(results, report / "junit.xml")
    print_summary(summary)


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


@eval_app.command("check")
def check_command(file: Path) -> None:
    """Check a gold file against its format and its plan."""
    plan = open_scored(Settings()).shelf.load(gold_plan(file) or Settings().plan)
    typer.echo(f"{file.name}: {len(load_gold(file, plan))} items, no fault.")


def main(app: Callable[[], None] = eval_app) -> None:
    """Run the commands without the console script: one sentence and exit code 2 for a person's error."""
    try:
        app()
    except PlanAssistantError as error:
        print(error.english, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
