"""Keep conversations by id in a database: SQLite in the home folder, or any SQLAlchemy URL."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, Integer, String, Text, create_engine, delete, event, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from assistant.answer import LONGEST_ID, Answer, Turn
from ingest.errors import StoreError

MOST_TURNS = 100


class _Base(DeclarativeBase):
    pass


class _Row(_Base):
    __tablename__ = "turns"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    conversation: Mapped[str] = mapped_column(String(LONGEST_ID), index=True)
    plan: Mapped[str] = mapped_column(String(80))
    created: Mapped[str] = mapped_column(String(32), index=True)
    question: Mapped[str] = mapped_column(Text)
    standalone: Mapped[str] = mapped_column(Text)
    cited: Mapped[str] = mapped_column(Text)


class Conversations:
    """Remember turns; two ids never see each other's."""

    def __init__(self, engine: Engine, days: int = 30) -> None:
        self._engine, self._days = engine, days
        try:
            _Base.metadata.create_all(engine)
        except SQLAlchemyError as error:
            raise _unavailable(error) from error

    def turns(self, conversation: str, plan: str) -> list[Turn]:
        """Return the turns of a conversation about a plan, oldest first."""
        wanted = select(_Row).where(
            _Row.conversation == conversation, _Row.plan == plan, _Row.created >= self._oldest()
        )
        with Session(self._engine) as session:
            rows = session.scalars(wanted.order_by(_Row.id.desc()).limit(MOST_TURNS)).all()
            return [Turn(r.question, r.standalone, tuple(json.loads(r.cited))) for r in reversed(rows)]

    def add(self, conversation: str, answer: Answer) -> int:
        """Remember an answer, forget what has expired, and return the number of this turn."""
        now = datetime.now(UTC)
        row = _Row(
            conversation=conversation,
            plan=answer.plan,
            created=now.isoformat(timespec="seconds"),
            question=answer.question,
            standalone=answer.standalone_question,
            cited=json.dumps([c.start for c in answer.citations]),
        )
        with Session(self._engine) as session, session.begin():
            session.execute(delete(_Row).where(_Row.created < self._oldest()))
            session.add(row)
            session.flush()
            count = session.scalar(select(func.count()).where(_Row.conversation == conversation))
        return int(count or 1)

    def _oldest(self) -> str:
        return (datetime.now(UTC) - timedelta(days=self._days)).isoformat(timespec="seconds")

    def forget(self, conversation: str) -> int:
        """Delete a conversation and return how many turns it had."""
        with Session(self._engine) as session, session.begin():
            held = session.scalar(select(func.count()).where(_Row.conversation == conversation))
            session.execute(delete(_Row).where(_Row.conversation == conversation))
        return int(held or 0)


def open_conversations(home: Path, url: str = "", days: int = 30) -> Conversations:
    """Open the store at `url`, or in `home`; raise StoreError when it cannot be had."""
    if not url:
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unavailable(error) from error
        url = f"sqlite:///{home / 'conversations.db'}"
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _use_wal)
    return Conversations(engine, days)


def _use_wal(connection: object, _: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


def _unavailable(error: Exception) -> StoreError:
    return StoreError(
        "Conversations cannot be stored: set PLAN_HOME to a folder you may write to, or PLAN_DATABASE to a database URL.",
        "无法保存会话:请把 PLAN_HOME 设为可写的文件夹,或把 PLAN_DATABASE 设为数据库地址。",
    )
