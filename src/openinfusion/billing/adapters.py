# SPDX-License-Identifier: Apache-2.0
"""Waiting one's turn in the database: the same payment posted by two people at once is posted by one, then found."""
from __future__ import annotations

from django.db import connection


def take_turn(key: str) -> None:
    """Hold this key until the transaction ends; whoever else wants it waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"billing:{key}"])
