"""Large pages are asked for where the kernel gives them, and nothing that is held changes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant import pages


def test_what_is_held_stays_the_same() -> None:
    held = np.arange(4 << 20, dtype=np.float32)
    assert pages.enlarge_pages() >= 0
    np.testing.assert_array_equal(held, np.arange(4 << 20, dtype=np.float32))


def test_a_system_without_maps_gives_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pages, "_MAPS", tmp_path / "none")
    assert pages.enlarge_pages() == 0
