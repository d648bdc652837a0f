# SPDX-License-Identifier: Apache-2.0
"""Serving: the pages, the worker, and the embedded database, started and stopped together."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import structlog

from openinfusion.commands.start import django_ready
from openinfusion.platform.environment import environment

log = structlog.get_logger(__name__)
SWEEP_SECONDS = 30
KILL_AFTER_SECONDS = 4  # a worker that is told to stop while it still loads does not hear it


def serve(port: int, workers: int, ready: Callable[[], None] = lambda: None) -> int:
    """Run the application server and the worker until told to stop; both are stopped, then the database. Exit code."""
    env = environment()
    web = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "openinfusion.wsgi:application",
        "--host",
        env.bind,
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--blocking-threads",
        "4",
        "--respawn-failed-workers",
        "--workers-kill-timeout",
        str(KILL_AFTER_SECONDS),
        "--no-access-log",
        "--log-level",
        "warning",
    ]
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    children = [subprocess.Popen(web, start_new_session=True)]  # noqa: S603
    try:
        if _answers(env.bind, port, children[0], stop):
            ready()
            children.append(subprocess.Popen(_own("worker"), start_new_session=True))  # noqa: S603
        return _watched(children, stop)
    finally:
        _end(children)


def _watched(children: list[subprocess.Popen[bytes]], stop: threading.Event) -> int:
    """Wait until told to stop (0), or until a child falls: then its exit code."""
    while not stop.wait(0.5):
        fallen = next((c for c in children if c.poll() is not None), None)
        if fallen is not None:
            return fallen.returncode or 1
    return 0


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    """End them all, those that do not listen by force."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(8)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)


def _answers(host: str, port: int, web: subprocess.Popen[bytes], stop: threading.Event) -> bool:
    """Wait until somebody answers at the address; False where the server fell or was told to stop before."""
    while web.poll() is None and not stop.wait(0.1):
        try:
            with socket.create_connection((host, port), 1):
                return True
        except OSError:
            continue
    return False


def _own(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("openinfusion")), *arguments]


def work() -> None:
    """Run jobs until told to stop. Beside the queue a thread looks after jobs of killed workers and untold news."""
    django_ready()
    from openinfusion.platform import jobs

    stop = threading.Event()
    threading.Thread(target=_sweep, args=(stop,), daemon=True).start()
    threading.Thread(target=_warm, daemon=True).start()

    def ended(signum: int, frame: FrameType | None) -> None:
        stop.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, ended)
    with jobs.app.replace_connector(jobs.worker_connector()) as app:
        try:
            app.run_worker(concurrency=2, install_signal_handlers=False, delete_jobs="successful")
        except KeyboardInterrupt:
            stop.set()


def _warm() -> None:
    """Compile what plans are made with while the queue is listened to already: the first question does not wait for it."""
    from openinfusion.planning import public as planning

    begun = time.monotonic()
    if ready := planning.warm():
        log.info("planning_warm", kernels=ready, seconds=round(time.monotonic() - begun, 1))


def _sweep(stop: threading.Event) -> None:
    from openinfusion.platform import jobs

    while not stop.wait(SWEEP_SECONDS):
        try:
            jobs.sweep_news()
            asyncio.run(jobs.sweep_stalled())
        except Exception:  # the sweeper must outlive a database that is restarting
            log.exception("sweep_failed")
            time.sleep(1)
