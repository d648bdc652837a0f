# SPDX-License-Identifier: Apache-2.0
"""Codes that only an institutional claim carries, from dated rows: type of bill, patient status, revenue codes."""
from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from openinfusion.kernel.figures import rows

BILL_TYPE, PATIENT_STATUS, REVENUE = "bill_type", "patient_status", "revenue"


@cache
def _rows() -> list[dict[str, Any]]:
    return sorted(rows(__package__, "data/institutional.toml"), key=lambda r: r["effective_from"], reverse=True)


def institutional_code(kind: str, on: date, subject: str = "") -> str:
    """The code in force on a day; empty where none is on file, and the writer then names the lack."""
    for r in _rows():
        if (r["kind"], r["subject"]) == (kind, subject) and r["effective_from"] <= on:
            return str(r["code"])
    return ""
