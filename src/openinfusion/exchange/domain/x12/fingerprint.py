# SPDX-License-Identifier: Apache-2.0
"""What an 835 says apart from its envelope: the same content, the same fingerprint, under any name or number."""
from __future__ import annotations

import hashlib

from openinfusion.exchange.domain.x12.sets import TransactionSet


def fingerprint(one: TransactionSet) -> str:
    """SHA-256 of the content between ST and SE, written with one set of separators."""
    said = hashlib.sha256()
    component = one.marks.component
    for name, *elements in one.segments:
        if name not in {"ST", "SE"}:
            plain = "*".join([e.replace(component, ":").strip() for e in elements]).rstrip("*")
            said.update(f"{name}*{plain}~".encode())
    return said.hexdigest()
