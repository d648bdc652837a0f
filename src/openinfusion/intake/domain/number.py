# SPDX-License-Identifier: Apache-2.0
"""The short number a referral goes by."""
from __future__ import annotations

from uuid import UUID

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def number_of(id: UUID) -> str:
    """R and eight characters nobody confuses, from an id."""
    number = id.int & ((1 << 40) - 1)
    return "R" + "".join(_ALPHABET[(number >> shift) & 31] for shift in range(35, -5, -5))
