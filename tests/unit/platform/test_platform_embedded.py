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
    # like the server it hears the interrupt, also where the tests run in the background and it would be ignored
    heard = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_DFL); print(flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", heard], stdout=subprocess.PIPE) as running:
        assert running.stdout is not None and running.stdout.readline()
        (tmp_path / "postmaster.pid").write_text(f"{running.pid}\n/data\n")
        stop(tmp_path)
        assert running.poll() is not None
