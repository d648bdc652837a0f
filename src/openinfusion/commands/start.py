# SPDX-License-Identifier: Apache-2.0
"""Starting Django for a command: the database's address first, then the rooms."""

from __future__ import annotations

import os

from openinfusion.platform import embedded
from openinfusion.platform.environment import environment


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
