"""The command group: errors become one sentence and exit code 2, and slow commands load when named."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import Any

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from ingest.errors import PlanAssistantError
from ui.language import language_of, locale_language

_WITH_QUESTION = ("ask", "search")


class Commands(TyperGroup):
    """Run a command; the one place where the command line words an error."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named."""
        args = [*ctx._protected_args, *ctx.args]
        try:
            return super().invoke(ctx)
        except (PlanAssistantError, ValidationError, OSError) as error:
            if isinstance(error, BrokenPipeError):
                raise
            typer.echo(sentence(error, _language(args)), err=True)
            raise typer.Exit(2) from error

    def list_commands(self, ctx: Any) -> list[str]:
        """List every command, eval last."""
        return [*super().list_commands(ctx), *(["eval"] if find_spec("eval.commands") else [])]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command; the evaluation is imported when it is named."""
        if cmd_name == "eval" and "eval" not in self.commands:
            from eval.commands import eval_app

            command = typer.main.get_command(eval_app)
            command.name = "eval"
            self.add_command(command)
        return super().get_command(ctx, cmd_name)


def sentence(error: Exception, language: str) -> str:
    """Say in one sentence what is wrong and what to do."""
    if isinstance(error, PlanAssistantError):
        return error.message(language)
    if isinstance(error, ValidationError):
        fault = error.errors()[0]
        name = "PLAN_" + "_".join(str(part) for part in fault["loc"]).upper()
        known = f"{name}={os.environ.get(name, fault['input'])}"
        return (
            f"设置有误:{known} 不可用,请修改。" if language == "zh" else f"{known} is no valid setting: {fault['msg']}."
        )
    reason = f"{getattr(error, 'filename', None) or ''} {getattr(error, 'strerror', None) or error}".strip()
    return (
        f"操作失败({reason}):请检查路径和权限。"
        if language == "zh"
        else f"{reason}: check the path and its permissions."
    )


def _language(args: list[str]) -> str:
    """Return the question's language where there is one, else the machine's."""
    default = locale_language()
    if args and args[0] in _WITH_QUESTION:
        return language_of(" ".join(args[1:]), default)
    return "zh" if language_of(" ".join(args), default) == "zh" else default
