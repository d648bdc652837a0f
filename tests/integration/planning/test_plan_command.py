# SPDX-License-Identifier: Apache-2.0
"""The plan command: its answers and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner
from tests.unit.planning.test_planning_files import SOLOMON, own

from openinfusion.commands import main


def run(path: Path, *more: str) -> tuple[int, str]:
    found = CliRunner().invoke(main, ["plan", str(path), "--seconds", "0.5", *more])
    return found.exit_code, found.output


def test_a_file_is_planned_and_the_check_agrees(tmp_path: Path) -> None:
    path = tmp_path / "tiny.txt"
    path.write_text(SOLOMON)
    code, text = run(path, "--json", "--seed", "3")
    told = json.loads(text)
    assert code == 0 and told["check"]["passed"] and told["cost"]["published"] == "10" and told["seed"] == 3
    code, text = run(path)
    assert code == 0 and "agrees" in text


def test_what_is_not_placed_is_told_and_changes_the_exit_code(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    late = {"name": "v9", "place": "Oak Street", "lasts": 30, "windows": [["20:00", "21:00"]]}
    path.write_text(own(visits=[late], pins=[], today=[]))
    code, text = run(path, "--engine", "insertion")
    assert code == 4 and "Not placed" in text and "Possible: if" in text and "ZIP centroids" in text


def test_a_file_that_cannot_be_read_says_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(b"\xff\xfe")
    assert run(path)[0] == 1
    path.write_text(own(zone="Nowhere/Land"))
    assert run(path)[0] == 1


