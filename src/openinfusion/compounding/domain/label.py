# SPDX-License-Identifier: Apache-2.0
"""What stands on the label of one container, and the code a scanner reads from it.

The code is our own: OI1, lot, container number and a check character, so that a keyed slip is noticed.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.kernel.refusal import Fault, Malformed

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_OWN = re.compile(r"^OI1\*([0-9A-Z]{6,12})\*(\d{1,3})\*([0-9A-Z])$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The words of one label, finished strings only."""

    pharmacy: str
    pharmacy_address: str
    pharmacy_phone: str
    patient: str  # FAMILY, Given
    born: str
    mrn: str
    rx: str
    drug: str
    dose: str
    mixture: str  # in 0.9% sodium chloride, total 100 mL (20 mg/mL)
    directions: str
    storage: str
    beyond_use: str
    beyond_use_because: str
    lot: str
    number: int
    of: int
    prepared: str
    compounder: str
    checker: str
    warnings: tuple[str, ...]
    code: str
    auxiliary: tuple[str, ...] = ()  # texts of the therapy's template: protect from light, for intrathecal use only
    lines: tuple[tuple[str, str, str], ...] = ()  # of nutrition: ingredient or fact, per day, per kg per day


def short_code(id: UUID, length: int = 8) -> str:
    """A short human code of an identifier: its random tail in base 32."""
    value = id.int
    out = ""
    for _ in range(length):
        out = _ALPHABET[value & 31] + out
        value >>= 5
    return out


def label_code(lot: str, number: int) -> str:
    """The code of one container: OI1*LOT*3*K."""
    return f"OI1*{lot}*{number}*{check_character(f'{lot}{number}')}"


def read_label_code(text: str) -> tuple[str, int]:
    """Lot and container number of a scanned label; Malformed if it is not ours or was mistyped."""
    found = _OWN.match(text.strip().upper())
    if not found:
        raise Malformed(Fault("scan", f"“{text}” is not one of our labels"))
    lot, number, check = found[1], int(found[2]), found[3]
    if check_character(f"{lot}{number}") != check:
        raise Malformed(Fault("scan", "the check character is wrong; scan again"))
    return lot, number


def check_character(text: str) -> str:
    """The character that shows a slip of the hand: each sign weighed by its place, modulo 31."""
    return _ALPHABET[sum(place * (ord(sign) - 47) for place, sign in enumerate(text, start=1)) % 31]


def wall_time(at: datetime, zone: str) -> str:
    """An instant as printed: 23-Nov-2026 10:42 CST."""
    return f"{at.astimezone(ZoneInfo(zone)):%d-%b-%Y %H:%M %Z}"
