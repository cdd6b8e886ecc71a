"""Every setting, read once at an edge from the environment (PLAN_…) or a .env file."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Hold the settings of one process."""

    model_config = SettingsConfigDict(env_prefix="PLAN_", env_file=".env", extra="ignore")

    home: Path = Field(
        default_factory=lambda: user_data_path("plan-assistant"),
        description="Folder for indexes, ingested plans and conversations",
    )
    plan: str = Field("dalian-14-5", description="Plan that is asked when none is named")
    embedder: str = Field("bundled", description="bundled, path:/directory or hub:ORG/NAME")
    knowledge: bool = Field(True, description="Use the written questions, translation and aliases of a plan")
    database: str = Field("", description="SQLAlchemy URL for conversations; empty: SQLite in the home folder")
    conversation_days: int = Field(30, ge=1, description="Days after which a conversation is forgotten")
    host: str = Field("127.0.0.1", description="Address the server listens on")
    port: int = Field(7860, ge=1, le=65535, description="Port the server listens on")
