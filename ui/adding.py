"""Add a document to the shelf of a person's own plans: plan.txt and plan.toml in a folder of its id."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

from assistant.settings import Settings
from ingest.errors import PlanAssistantError, StoreError, UnknownPlan
from ingest.model import Plan, PlanInfo
from ingest.parse import parse
from ingest.reader import read
from ingest.shelf import SHIPPED, Shelf

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_TITLE = re.compile(r"[\u4e00-\u9fff]{0,12}国民经济和社会发展[^\s《》,,。]{0,40}?纲要")


class BadIdError(PlanAssistantError):
    """Raised for an id that cannot name a folder, or that another plan has."""


def add_plan(settings: Settings, path: Path, plan_id: str = "", title: str = "", *, force: bool = False) -> Plan:
    """Read, parse and keep a document; raise BadIdError before another plan would be overwritten."""
    text = read(path)
    plan_id = _checked(plan_id) if plan_id else make_id(path.stem)
    digest = hashlib.sha256(text.encode()).hexdigest()
    if not force:
        _refuse_overwrite(Shelf((SHIPPED, settings.home / "plans")), plan_id, digest)
    info = PlanInfo(id=plan_id, title=title or find_title(text) or path.stem, source=path.name, sha256=digest)
    plan = parse(text, info)
    _write(settings.home / "plans" / plan_id, plan)
    return plan


def make_id(stem: str) -> str:
    """Make an id from a file name: Chinese characters by their sound, the rest in lower case."""
    from pypinyin import lazy_pinyin

    words = re.findall(r"[a-z0-9]+", " ".join(lazy_pinyin(stem)).lower())
    return "-".join(words)[:64].strip("-") or "plan"


def find_title(text: str) -> str:
    """Find the full title that a plan's first page states."""
    found = _TITLE.search(text[:3_000])
    return found[0].split("关于印发")[-1] if found else ""


def _checked(plan_id: str) -> str:
    if _ID.fullmatch(plan_id):
        return plan_id
    raise BadIdError(
        f"{plan_id!r} cannot be a plan's id: use lower-case letters, digits, dots and hyphens, at most 64.",
        f"{plan_id!r} 不能用作规划编号:请使用小写字母、数字、点和连字符,最多 64 个字符。",
    )


def _refuse_overwrite(shelf: Shelf, plan_id: str, digest: str) -> None:
    """Let the same text be added again, and nothing else take a place that is taken."""
    try:
        known = shelf.info(plan_id)
    except UnknownPlan:
        return
    if known.sha256 != digest:
        raise BadIdError(
            f"Another plan is kept as {plan_id!r} ({known.title}): choose another --id, or replace it with --force.",
            f"编号 {plan_id!r} 已被另一份规划占用({known.title}):请用 --id 另选编号,或加 --force 覆盖。",
        )


def _write(folder: Path, plan: Plan) -> None:
    """Write the files to a new folder beside the old one, then swap it in."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".plan-", dir=folder.parent.parent))
        (fresh / "plan.txt").write_bytes(plan.text.encode())
        (fresh / "plan.toml").write_text(_toml(plan.info), "utf-8")
        old = fresh.with_name(fresh.name + "-old")
        if folder.exists():
            folder.rename(old)
        fresh.chmod(0o755)
        fresh.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise StoreError(
            f"The plan cannot be written to {folder.parent}: set PLAN_HOME to a folder you may write to.",
            f"无法写入 {folder.parent}:请把 PLAN_HOME 设为可写的文件夹。",
        ) from error


def _toml(info: PlanInfo) -> str:
    """Write the facts that are known; a JSON string is a TOML string."""
    facts = {k: v for k, v in asdict(info).items() if v and k != "id"}
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in facts.items())
