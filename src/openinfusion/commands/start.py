# SPDX-License-Identifier: Apache-2.0
"""Starting Django for a command: the database's address first, then the rooms."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from rich.console import Console

from openinfusion.platform import assets, embedded
from openinfusion.platform.database import note, noted, parts_of
from openinfusion.platform.environment import environment

PACKAGE = Path(__file__).resolve().parents[1]


def connect() -> str:
    """Make sure there is a database server: the one that DATABASE_URL names, or the embedded one. Its URL."""
    if not os.environ.get("DATABASE_URL"):
        url = embedded.start(environment().data / "postgres")
        os.environ["DATABASE_URL"] = url.replace("/postgres?", "/openinfusion?")
        environment.cache_clear()
    return os.environ["DATABASE_URL"]


def django_ready() -> None:
    """Connect and load all rooms."""
    connect()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openinfusion.settings")
    import django

    django.setup()


def prepare(console: Console) -> None:
    """Everything before the first request: assets, database, static files; each step says what it did.

    Loading every room takes most of a start, so where nothing changed since the last one it is not done here.
    """
    console.print(f"· {assets.build()}")
    with console.status("starting the database"):
        owner = parts_of(connect())
    standing = _standing()
    if noted(owner) == standing and (environment().data / "static").is_dir():
        console.print("· the database and the pages are as the last start left them")
        return
    with console.status("loading the rooms"):
        django_ready()
    _install(console)
    note(owner, standing)


def _install(console: Console) -> None:
    from django.core.management import call_command

    from openinfusion.platform.installation import ensure_installed

    with console.status("migrating the database"):
        new = ensure_installed()
    console.print("· the database was made" if new else "· the database is up to date")
    with console.status("collecting static files"):
        call_command("collectstatic", verbosity=0, interactive=False)
    console.print("· pages are ready")


def _standing() -> str:
    """What an installation rests on: the secret, every file of the package as it lies there, and the assets."""
    built = environment().data / "assets" / "lock"
    seen = hashlib.sha256(environment().secret_key().encode() + (built.read_bytes() if built.exists() else b""))
    for path in sorted(p for p in PACKAGE.rglob("*") if p.is_file() and p.suffix != ".pyc"):
        about = path.stat()
        seen.update(f"{path.relative_to(PACKAGE)} {about.st_size} {about.st_mtime_ns}\n".encode())
    return f"installed from {seen.hexdigest()}"
