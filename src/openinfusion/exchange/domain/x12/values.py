# SPDX-License-Identifier: Apache-2.0
"""Amounts and dates as X12 writes them, read strictly: no exponent, no grouping, no NaN; and remembered.

A remittance repeats its amounts and dates, so that a file's readers share one memory of each text already read.
"""
from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

ZERO: Final = Decimal(0)
LONGEST_AMOUNT: Final = 18  # digits of an R element in 5010
_AMOUNT = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)", re.ASCII)
_DAY = re.compile(r"\d{8}", re.ASCII)


def is_amount(text: str) -> bool:
    """Whether this reads as an amount; nothing at all counts as zero and is one."""
    plain = text.strip()
    return not plain or (len(plain) <= LONGEST_AMOUNT + 2 and _AMOUNT.fullmatch(plain) is not None)


def amount_of(text: str) -> Decimal:
    """The amount; ValueError where `is_amount` says no."""
    plain = text.strip()
    if not plain:
        return ZERO
    if not is_amount(plain):
        raise ValueError(text)
    return Decimal(plain)


def day_of(text: str) -> date | None:
    """CCYYMMDD to a date; None for nothing and for nonsense, which the caller notes."""
    plain = text.strip()
    if not _DAY.fullmatch(plain):
        return None
    try:
        return date(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
    except ValueError:
        return None


class Amounts(dict[str, Decimal]):
    """Amounts already read in this file: ``amounts["12.50"]``; ValueError for what is none."""

    def __missing__(self, text: str) -> Decimal:
        is_plain = len(text) <= LONGEST_AMOUNT and text.isascii() and text.replace(".", "", 1).isdecimal()
        found = self[text] = Decimal(text) if is_plain else amount_of(text)
        return found


class Days(dict[str, date | None]):
    """Dates already read in this file."""

    def __missing__(self, text: str) -> date | None:
        found = self[text] = day_of(text)
        return found
