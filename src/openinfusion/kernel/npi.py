# SPDX-License-Identifier: Apache-2.0
"""National Provider Identifiers: ten digits, the last of which checks the others."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4_096)
def is_npi(text: str) -> bool:
    """Whether the check digit is true: Luhn over 80840 and the ten digits (45 CFR 162.406)."""
    if len(text) != 10 or not text.isascii() or not text.isdigit():
        return False
    total = 0
    for place, digit in enumerate(reversed("80840" + text)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
