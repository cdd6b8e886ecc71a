"""The wheel works where it is unpacked, with its data files inside."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
ASK = "import ingest, sys; print(ingest.__file__); from ui.cli import main; sys.argv = ['p', 'ask', '充电桩要建多少个?']; main()"


def test_the_wheel_answers_elsewhere(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(tmp_path)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    site = tmp_path / "site"
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(site)
    env = os.environ | {"PYTHONPATH": str(site), "PLAN_HOME": str(tmp_path / "home"), "PYTHONIOENCODING": "utf-8"}
    run = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert str(site) in run.stdout
    assert "3000个左右" in run.stdout
    assert not any(site.rglob("tests/*.py"))
