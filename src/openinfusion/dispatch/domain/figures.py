# SPDX-License-Identifier: Apache-2.0
"""What a day's plan assumes and weighs, by kind of plan: the house's own figures, and dated rows where it has none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from openinfusion.dispatch.domain.day_plan import PlanKind
from openinfusion.kernel.figures import rows
from openinfusion.kernel.refusal import Broken, Fault, Malformed
from openinfusion.planning import public as planning

MOST_MINUTES = 480  # of overtime, and by which a visit may be moved
MOST_POINTS = 100_000  # a metre, a minute, or a visit that somebody else makes
LEFT_OUT = (1_000_000, 100_000_000)  # a visit without a place; the search weighs it below every other price it may add up to
PRICES = ("distance", "paid", "overtime_price", "late", "other_person", "moved", "fair")


@dataclass(frozen=True, slots=True)
class DayFigures:
    """``begins``, ``ends``: the hours of who has no planned shift. Minutes: ``overtime`` after a shift's end at most,

    ``flexible`` by which a visit with a time nobody agreed to may be moved, ``agreed`` one that was agreed to. Points:
    ``distance`` a metre, ``paid`` a minute away, ``overtime_price`` a minute after the shift's end and ``late`` one after the
    wished hour, beside it, ``other_person`` a visit by a nurse the patient does not know, ``moved`` a promise given to somebody
    else, ``fair`` a minute of whoever is away longest over several days, ``left_out`` a visit without a place. ``status``:
    unverified, or who set them.
    """

    kind: PlanKind
    effective_from: date
    begins: time
    ends: time
    overtime: int
    flexible: int
    agreed: int
    distance: int
    paid: int
    overtime_price: int
    late: int
    other_person: int
    moved: int
    fair: int
    left_out: int
    source: str
    status: str = ""

    def prices(self, several: bool) -> planning.Prices:
        """The prices of a plan; of ``several`` days, so that fairness over them has its price."""
        return planning.Prices(
            distance=self.distance, paid=self.paid, overtime=self.overtime_price, late=self.late, other_person=self.other_person,
            left_out=self.left_out, longest_week=self.fair if several else 0,
        )  # fmt: skip


def assumed_on(kind: PlanKind, day: date) -> DayFigures:
    """The newest assumption of data/figures.toml in force on a day; Broken where there is none."""
    held = [r for r in rows(__package__, "data/figures.toml") if r["kind"] == kind.value and r["effective_from"] <= day]
    if not held:
        raise Broken(f"no figures of dispatch for {kind.value} are in force on {day}")
    newest = max(held, key=lambda r: r["effective_from"])
    hours = {name: time.fromisoformat(newest[name]) for name in ("begins", "ends")}
    return DayFigures(**newest | hours | {"kind": kind})


def must_be_sound(f: DayFigures) -> None:
    """Malformed where a figure cannot be, with what can."""
    faults = list(_faults(f))
    if faults:
        raise Malformed(*faults)


def _faults(f: DayFigures) -> Iterator[Fault]:
    if f.ends <= f.begins:
        yield Fault("ends", "is later than the hour the day begins")
    for name in ("overtime", "flexible", "agreed"):
        if not 0 <= getattr(f, name) <= MOST_MINUTES:
            yield Fault(name, f"0 to {MOST_MINUTES} minutes")
    if f.agreed > f.flexible:
        yield Fault("agreed", "is not more than where nobody agreed to a time")
    for name in PRICES:
        if not 0 <= getattr(f, name) <= MOST_POINTS:
            yield Fault(name, f"0 to {MOST_POINTS:,} points")
    if not f.distance and not f.paid:
        yield Fault("paid", "a metre or a minute costs something, else every way is as good as any other")
    if not LEFT_OUT[0] <= f.left_out <= LEFT_OUT[1]:
        yield Fault("left_out", f"{LEFT_OUT[0]:,} to {LEFT_OUT[1]:,} points, so that no other price outweighs a place")
    if not f.source.strip():
        yield Fault("source", "say where the figures come from")
