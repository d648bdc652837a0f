# SPDX-License-Identifier: Apache-2.0
"""Why a file is refused: the segment where reading stopped, the element, and the reason in words."""
from __future__ import annotations

from openinfusion.kernel.refusal import Fault, Malformed


class Unreadable(Malformed):
    """The file cannot be read. ``segment`` counts from 1 over the whole file; 0 where there is none to name."""

    def __init__(self, segment: int, place: str, reason: str) -> None:
        self.segment, self.place, self.reason = segment, place, reason
        where = f"{place} in segment {segment}" if place and segment else place or "file"
        super().__init__(Fault(where, reason))
