# SPDX-License-Identifier: Apache-2.0
"""A server that a killed process left running is stopped; one that is gone is no trouble."""
from __future__ import annotations

import subprocess
import sys

from openinfusion.platform.embedded import stop


def test_nothing_to_stop_is_no_trouble(tmp_path) -> None:
    stop(tmp_path / "never")
    (tmp_path / "postmaster.pid").write_text("999999999\n/data\n")
    stop(tmp_path)


def test_what_still_runs_is_asked_to_stop_and_waited_for(tmp_path) -> None:
    running = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    (tmp_path / "postmaster.pid").write_text(f"{running.pid}\n/data\n")
    stop(tmp_path)
    assert running.poll() is not None
