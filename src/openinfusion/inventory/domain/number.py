# SPDX-License-Identifier: Apache-2.0
"""Short numbers of orders, counts, receipts and recalls that people read aloud, made of the random tail of an identifier."""
from __future__ import annotations

from uuid import UUID

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U


def number_of(id: UUID, length: int = 8) -> str:
    """Eight characters of base 32 (Crockford: no I, L, O, U)."""
    value, out = id.int, ""
    for _ in range(length):
        out = _ALPHABET[value & 31] + out
        value >>= 5
    return out
