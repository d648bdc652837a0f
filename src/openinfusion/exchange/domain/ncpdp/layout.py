# SPDX-License-Identifier: Apache-2.0
"""Headers by version: which fixed fields open a request and a response, and how wide each is.

D.0 is in force; F6 replaces it (45 CFR 162, 89 FR 100763). A version that is not in this table is refused, not guessed.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from openinfusion.kernel.refusal import Fault, Malformed

Fields = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """One version's fixed fields with their widths, in order."""

    version: str
    request: Fields
    response: Fields


D0: Final = Layout(
    "D0",
    (("101-A1", 6), ("102-A2", 2), ("103-A3", 2), ("104-A4", 10), ("109-A9", 1), ("202-B2", 2), ("201-B1", 15), ("401-D1", 8),
     ("110-AK", 10)),
    (("102-A2", 2), ("103-A3", 2), ("109-A9", 1), ("501-F1", 1), ("202-B2", 2), ("201-B1", 15), ("401-D1", 8)),
)
LAYOUTS: Final = {layout.version: layout for layout in (D0,)}


def layout_of(version: str) -> Layout:
    """The layout of this version; Malformed where we have none."""
    if version not in LAYOUTS:
        known = ", ".join(LAYOUTS)
        raise Malformed(Fault("102-A2", f"version “{version}” is not known here ({known})"))
    return LAYOUTS[version]
