# SPDX-License-Identifier: Apache-2.0
"""SNIP 6: what only home infusion knows: days and units, exclusive groups, ranks, drug against its packages."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal
from itertools import combinations

from openinfusion.billing.domain.scrub.finding import Finding, Level, Place
from openinfusion.billing.domain.scrub.subject import ScrubClaim, ScrubLine

CATHETER = "cath"
_RANKS = frozenset({"SH", "SJ"})
_DISTINCT = frozenset({"59", "XE", "76", "JW"})


def business_findings(c: ScrubClaim) -> Iterator[Finding]:
    days = [x for x in c.lines if x.kind == "per_diem"]
    for line in days:
        if line.units != (line.last_on - line.first_on).days + 1:
            yield _on(line, "days", f"{line.units} units, and the span has {(line.last_on - line.first_on).days + 1} days")
    for a, b in combinations(days, 2):
        if _meet(a, b):
            yield from _two_per_diems(a, b)
    yield from _repeated(c)
    yield from _packages(c)


def _meet(a: ScrubLine, b: ScrubLine) -> bool:
    return a.first_on <= b.last_on and b.first_on <= a.last_on


def _two_per_diems(a: ScrubLine, b: ScrubLine) -> Iterator[Finding]:
    if a.group == b.group:
        yield _on(b, "exclusive", f"{a.code} and {b.code} are one group, and stand on the same day")
    elif CATHETER in (a.group, b.group):
        mine = a if a.group == CATHETER else b
        yield _on(mine, "catheter-beside", f"{mine.code} is billed only on days without another per diem")
    elif not _RANKS & set(a.modifiers) and not _RANKS & set(b.modifiers):
        yield _on(b, "no-rank", f"{a.code} and {b.code} run on the same day, and neither says SH or SJ")


def _repeated(c: ScrubClaim) -> Iterator[Finding]:
    for a, b in combinations(c.lines, 2):
        same = (a.code, a.ndc, a.rx_number, frozenset(a.modifiers)) == (b.code, b.ndc, b.rx_number, frozenset(b.modifiers))
        if same and _meet(a, b) and not _DISTINCT & set(b.modifiers) and a.kind != "per_diem":
            yield _on(b, "twice", f"{b.code} stands twice for the same day; if it was given twice, say 76 or 59")


def _packages(c: ScrubClaim) -> Iterator[Finding]:
    """More units billed of a product than its packages hold cannot have been given or thrown away."""
    for key in dict.fromkeys((x.ndc, x.rx_number) for x in c.lines if x.package_units is not None):
        mine = [x for x in c.lines if (x.ndc, x.rx_number) == key and x.package_units is not None]
        held = max((x.package_units or Decimal(0) for x in mine), default=Decimal(0)).to_integral_value(rounding=ROUND_CEILING)
        billed = sum(x.units for x in mine)
        if billed > held:
            yield _on(mine[-1], "more-than-packages", f"{billed} units are billed, and the packages used hold {held}")


def _on(x: ScrubLine, code: str, text: str) -> Finding:
    return Finding(code, Level.BUSINESS, text, Place.LINE, x.number)
