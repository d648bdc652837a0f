# SPDX-License-Identifier: Apache-2.0
"""The outside world of billing: the database's turn-taking, and the typesetter of its papers."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import connection

from openinfusion.platform.documents import pdf

_DOCUMENTS = Path(__file__).parent / "documents"


def take_turn(key: str) -> None:
    """Hold this key until the transaction ends; whoever else wants it waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"billing:{key}"])


def appeal_paper(data: dict[str, Any]) -> bytes:
    """The packet of an appeal as PDF."""
    return pdf(_DOCUMENTS / "appeal.typ", data)


def statement_paper(data: dict[str, Any]) -> bytes:
    """A patient's statement as PDF."""
    return pdf(_DOCUMENTS / "statement.typ", data)
