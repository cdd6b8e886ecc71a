"""Find plans on disk: the shipped ones and those a person has ingested, by id."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.errors import UnknownPlan, UnreadableFile
from ingest.model import Plan, PlanInfo
from ingest.parse import parse
from ingest.target_time import period_of

SHIPPED = Path(__file__).parent / "data"
DEFAULT_PLAN = "dalian-14-5"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Look plans up in folders, each holding `plan.txt` and `plan.toml`; later folders win."""

    folders: tuple[Path, ...]

    def ids(self) -> list[str]:
        """List the plans, sorted."""
        return sorted({p.parent.name for folder in self.folders for p in folder.glob("*/plan.txt")})

    def folder(self, plan_id: str) -> Path:
        """Return the folder of a plan; raise UnknownPlan, naming those there are."""
        for folder in reversed(self.folders):
            if plan_id in self.ids() and (folder / plan_id / "plan.txt").is_file():
                return folder / plan_id
        known = ", ".join(self.ids()) or "none"
        raise UnknownPlan(
            f"There is no plan {plan_id!r}: choose one of {known}, or add it with `plan-assistant ingest FILE`.",
            f"没有名为 {plan_id!r} 的规划:请从 {known} 中选择,或用 plan-assistant ingest 导入。",
        )

    def info(self, plan_id: str) -> PlanInfo:
        """Read a plan's `plan.toml`."""
        return read_info(self.folder(plan_id))

    def load(self, plan_id: str) -> Plan:
        """Read and parse a plan; raise UnreadableFile when its text is not the one recorded."""
        folder = self.folder(plan_id)
        info = read_info(folder)
        data = (folder / "plan.txt").read_bytes()
        if info.sha256 and hashlib.sha256(data).hexdigest() != info.sha256:
            raise UnreadableFile(
                f"{folder / 'plan.txt'} was changed after it was added: ingest or install it again.",
                f"{folder / 'plan.txt'} 在导入后被改动:请重新导入或重新安装。",
            )
        plan = parse(data.decode("utf-8"), info)
        return plan if info.period else replace(plan, info=replace(info, period=period_of(plan)))


def read_info(folder: Path) -> PlanInfo:
    """Read `plan.toml` of one plan's folder; the folder's name is the id."""
    path = folder / "plan.toml"
    raw = tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
    period = raw.get("period")
    return PlanInfo(
        id=folder.name,
        title=raw.get("title", folder.name),
        issuer=raw.get("issuer", ""),
        date=raw.get("date", ""),
        period=(period[0], period[1]) if period else None,
        place=raw.get("place", ""),
        source=raw.get("source", ""),
        sha256=raw.get("sha256", ""),
    )
