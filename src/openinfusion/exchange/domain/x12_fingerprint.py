# SPDX-License-Identifier: Apache-2.0
"""What an 835 says apart from its envelope: the same content, the same fingerprint, under any name or number."""
from __future__ import annotations

import hashlib
from collections.abc import Sequence

from openinfusion.exchange.domain.x12_segments import Segment


def transactions_of(segments: Sequence[Segment]) -> list[list[Segment]]:
    """The segments of each 835, from ST to SE."""
    found: list[list[Segment]] = []
    for seg in segments:
        if seg.name == "ST" and seg.at(1) == "835":
            found.append([])
        if found and (seg.name not in {"GS", "GE", "ISA", "IEA"}):
            found[-1].append(seg)
    return found


def fingerprint(transaction: Sequence[Segment]) -> str:
    """SHA-256 of the content between ST and SE, written with one set of separators."""
    said = hashlib.sha256()
    for seg in transaction:
        if seg.name not in {"ST", "SE"}:
            plain = "*".join(e.replace(seg.component, ":").strip() for e in seg.elements).rstrip("*")
            said.update(f"{seg.name}*{plain}~".encode())
    return said.hexdigest()
