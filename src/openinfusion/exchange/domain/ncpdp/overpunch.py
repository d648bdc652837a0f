# SPDX-License-Identifier: Apache-2.0
"""Signed amounts whose last character carries digit and sign: ``0000057A`` is +5.71, ``0000057J`` is −5.71."""
from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from openinfusion.kernel.refusal import Fault, Malformed

_POSITIVE: Final = "{ABCDEFGHI"
_NEGATIVE: Final = "}JKLMNOPQR"
_DIGIT: Final = {**{c: (n, 1) for n, c in enumerate(_POSITIVE)}, **{c: (n, -1) for n, c in enumerate(_NEGATIVE)}}
_WRITTEN = re.compile(r"[0-9]*[0-9{}A-R]", re.ASCII)


def read_amount(text: str, place: str = "") -> Decimal:
    """Dollars and cents; plain digits without a sign are positive. Malformed for anything else."""
    plain = text.strip()
    if not _WRITTEN.fullmatch(plain):
        raise Malformed(Fault(place or "amount", f"“{text}” is not an amount with a signed last digit"))
    digit, sign = _DIGIT.get(plain[-1], (0, 0))
    whole = int(plain[:-1] + str(digit)) if sign else int(plain)
    return Decimal(whole * (sign or 1)).scaleb(-2)


def write_amount(amount: Decimal, width: int = 8) -> str:
    """``width`` characters with leading zeros; Malformed where it does not fit or has a fraction of a cent."""
    cents = amount * 100
    if not amount.is_finite() or cents != cents.to_integral_value():
        raise Malformed(Fault("amount", f"{amount} has a fraction of a cent"))
    digits = f"{abs(int(cents)):0{width}d}"
    if len(digits) > width:
        raise Malformed(Fault("amount", f"{amount} does not fit into {width} characters"))
    table = _NEGATIVE if amount < 0 else _POSITIVE
    return digits[:-1] + table[int(digits[-1])]


def read_quantity(text: str, decimals: int = 3, place: str = "") -> Decimal:
    """A quantity with implied decimals: 442-E7 has three."""
    plain = text.strip()
    if not (plain.isascii() and plain.isdecimal()):
        raise Malformed(Fault(place or "quantity", f"“{text}” is not a quantity in plain digits"))
    return Decimal(int(plain)).scaleb(-decimals)


def write_quantity(quantity: Decimal, width: int = 10, decimals: int = 3) -> str:
    """Digits with implied decimals; Malformed where it is negative, finer than that, or does not fit."""
    scaled = quantity.scaleb(decimals) if quantity.is_finite() else quantity
    if not quantity.is_finite() or quantity < 0 or scaled != scaled.to_integral_value():
        raise Malformed(Fault("quantity", f"{quantity} is not a quantity with at most {decimals} decimals"))
    digits = f"{int(scaled):0{width}d}"
    if len(digits) > width:
        raise Malformed(Fault("quantity", f"{quantity} does not fit into {width} digits"))
    return digits
