# SPDX-License-Identifier: Apache-2.0
"""Pumps rented by the month where a contract itemizes equipment: which month it is, from when to when, with which marks."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from openinfusion.kernel.figures import rows
from openinfusion.kernel.span import months_after


@cache
def _terms() -> dict[str, Any]:
    (row,) = rows(__package__, "data/rental.toml")
    return row


@dataclass(frozen=True, slots=True)
class RentalMonth:
    """One month of a capped rental. ``number`` counts from 1; the marks say which month it is."""

    number: int
    first: date
    last: date
    marks: tuple[str, ...]


def rental_code() -> str:
    return str(_terms()["code"])


def next_month(before: int, first: date) -> RentalMonth | None:
    """The month after so many that were charged, from a day on; None past the last that is paid."""
    number = before + 1
    if number > int(_terms()["months"]):
        return None
    mark = "KH" if number == 1 else "KI" if number <= 3 else "KJ"
    return RentalMonth(number, first, months_after(first, 1) - timedelta(days=1), ("RR", mark))
