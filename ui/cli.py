"""The command line: every command is a few lines over the assistant and the shelf."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.commands import Commands

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.settings import Settings
    from ingest.shelf import Shelf

app = typer.Typer(
    cls=Commands,
    name="plan-assistant",
    help="Answer questions about a government plan, with the cited section and the verbatim sentence.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

PlanOption = Annotated[str | None, typer.Option("--plan", help="Plan to use; `plan-assistant plans` lists them.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, in the shape of the HTTP service.")]


def main() -> None:
    """Run the command line; output that the terminal cannot show is replaced, not fatal."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app()


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="Question in Chinese or English.")],
    as_json: JsonOption = False,
    plan: PlanOption = None,
) -> None:
    """Answer a question, with the sections and sentences it rests on."""
    answer = _assistant().answer(_valid(question), plan=plan)
    if as_json:
        return _json(answer.to_dict())
    from ui.printing import answer_lines

    return _lines(answer_lines(answer))


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words or a question.")],
    top_k: Annotated[int, typer.Option(min=1, max=100, help="How many passages.")] = 5,
    explain: Annotated[bool, typer.Option("--explain", help="Show what each kind of evidence gave.")] = False,
    as_json: JsonOption = False,
    plan: PlanOption = None,
) -> None:
    """Find the passages that fit a query best."""
    from ui.contract import hit_dict
    from ui.printing import hit_lines

    hits = _assistant().search(_valid(query), plan=plan, top_k=top_k)
    if as_json:
        return _json({"hits": [hit_dict(hit, explain=explain) for hit in hits]})
    return _lines(hit_lines(hits, explain=explain))


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; PLAN_HOST or 127.0.0.1 if not given.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on; PLAN_PORT or 7860; 0 takes a free one.")
    ] = None,
) -> None:
    """Start the chat page and the HTTP service."""
    from ui.serving import serve as run

    settings = _settings()
    run(settings, host or settings.host, settings.port if port is None else port)


@app.command()
def ingest(
    file: Annotated[Path, typer.Argument(help="Text, HTML, PDF or Word file of a plan.")],
    plan_id: Annotated[
        str, typer.Option("--id", help="Id to keep it under; made from the file name if not given.")
    ] = "",
    title: Annotated[str, typer.Option(help="Title to cite it by; read from the text if not given.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace another plan that has this id.")] = False,
) -> None:
    """Add a plan, and report its outline and what each of its characters is."""
    from ui.adding import add_plan
    from ui.printing import report_lines

    added = add_plan(_settings(), file, plan_id, title, force=force)
    _lines(report_lines(added))
    typer.echo(f"\nAsk it: plan-assistant ask --plan {added.id} QUESTION")


@app.command()
def plans(as_json: JsonOption = False) -> None:
    """List the plans that can be asked."""
    from ui.contract import plan_dicts

    found = plan_dicts(_shelf(), _settings().plan)
    if as_json:
        return _json({"plans": found})
    return _lines(f"{'*' if row['default'] else ' '} {row['id']}  {row['title']}" for row in found)


@app.command()
def coverage(
    plan: Annotated[str | None, typer.Argument(help="Plan to report on; the default plan if not given.")] = None,
) -> None:
    """Report a plan's outline and what each of its characters is."""
    from ui.printing import report_lines

    _lines(report_lines(_shelf().load(plan or _settings().plan)))


@app.command()
def targets(
    topic: Annotated[str, typer.Option(help="Only targets that speak of this.")] = "",
    form: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
    plan: PlanOption = None,
) -> None:
    """List every quantitative target of a plan."""
    from ui.tables import target_text

    shelf, plan_id = _shelf(), plan or _settings().plan
    typer.echo(target_text(shelf, plan_id, topic, form))


def _settings() -> Settings:
    from assistant.settings import Settings

    return Settings()


def _shelf() -> Shelf:
    from ingest.shelf import SHIPPED, Shelf

    return Shelf((SHIPPED, _settings().home / "plans"))


def _assistant() -> Assistant:
    from assistant.assistant import open_assistant

    return open_assistant(_settings())


def _valid(text: str) -> str:
    """Replace bytes that were no UTF-8 on the command line."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _lines(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)
