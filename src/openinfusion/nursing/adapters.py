# SPDX-License-Identifier: Apache-2.0
"""The database's turn-taking for what no single row stands for: a nurse's day, a suite's day."""
from __future__ import annotations

from collections.abc import Iterable

from django.db import connection


def take_turns(keys: Iterable[str]) -> None:
    """Hold these keys until the transaction ends, always in the same order; whoever else wants one of them waits."""
    with connection.cursor() as cursor:
        for key in sorted(set(keys)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"nursing:{key}"])
