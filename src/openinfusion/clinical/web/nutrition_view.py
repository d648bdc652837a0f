# SPDX-License-Identifier: Apache-2.0
"""The review of a formula as pages show it: figures, gauges drawn to scale, verdicts, difference and label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from openinfusion.calculations.public import (
    Gauge,
    NutritionOrder,
    Result,
    Table,
    Verdict,
    shown_unit,
)
from openinfusion.clinical.queries.nutrition import review_of_formula
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Malformed, Reason, Refused

_WIDTH = Decimal(200)
_SHOWN = ("ingredients", "schedule", "mixing")


@dataclass(frozen=True, slots=True)
class GaugeBar:
    """A gauge as a bar 200 wide: its zones from left to right, and where the value stands (empty: no value)."""

    label: str
    value: str
    usual: str
    hard: str
    code: str
    tone: str
    text: str
    zones: tuple[tuple[str, str, str], ...]  # x, width, tone
    mark: str
    source: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A review, or why there is none: faults of what was typed, reasons why no bag comes of it."""

    overall: Verdict | None = None
    figures: tuple[tuple[str, str], ...] = ()
    gauges: tuple[GaugeBar, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    tables: tuple[Table, ...] = ()
    label: Table | None = None
    difference: Table | None = None
    line: str = ""
    line_known: bool = True
    unverified: bool = False
    sources: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


def shown(order: NutritionOrder, therapy_id: UUID, before: NutritionOrder | None = None) -> Shown:
    """The review of an order against the patient's line and what the site has set; with the version before, the difference."""
    try:
        found = review_of_formula(order, therapy_id, before)
    except Refused as no:
        return Shown(reasons=no.reasons)
    reviewed, sheet = found.reviewed, found.sheet
    tables = {t.name: t for t in sheet.tables}
    overall = sheet.result("order")
    return Shown(
        overall=overall if isinstance(overall, Verdict) else None,
        figures=_figures([r for r in sheet.results if isinstance(r, Result)]),
        gauges=tuple(_bar(g) for g in reviewed.gauges),
        verdicts=reviewed.verdicts,
        tables=tuple(tables[name] for name in _SHOWN if name in tables),
        label=tables.get("label"),
        difference=tables.get("difference"),
        line=reviewed.bag.order.line,
        line_known=found.line_known,
        unverified=any(s.standing.value == "unverified" for s in sheet.used),
        sources=tuple(dict.fromkeys(str(s) for s in sheet.used)),
    )


def faulty(no: Malformed) -> Shown:
    """What was typed cannot be read."""
    return Shown(faults=tuple(str(f) for f in no.faults))


def _figures(results: Sequence[Result]) -> tuple[tuple[str, str], ...]:
    found = []
    for r in results:
        found.append((r.label, str(r)))
        if r.name == "gir":
            anhydrous = replace(r, label="Glucose rate at the plateau (anhydrous glucose, × 10/11)", exact=r.exact * 10 / 11)
            found.append((anhydrous.label, str(anhydrous)))
    return tuple(found)


def _bar(gauge: Gauge) -> GaugeBar:
    bound = gauge.limit
    value = "" if gauge.value is None else f"{_said(gauge.value)} {shown_unit(gauge.unit)}".strip()
    usual = _between(bound.soft_low, bound.soft_high) if bound else "–"
    hard = _between(bound.hard_low, bound.hard_high) if bound else "–"
    verdict = gauge.verdict()
    zones, mark = _drawn(gauge)
    source = str(bound.source) if bound else ""
    return GaugeBar(gauge.label, value, usual, hard, gauge.code, verdict.tone, verdict.text, zones, mark, source)


def _drawn(gauge: Gauge) -> tuple[tuple[tuple[str, str, str], ...], str]:
    """Zones and mark to one scale; nothing is drawn where there is neither a bound nor a value."""
    bound = gauge.limit
    bounds = [b for b in (bound.hard_low, bound.soft_low, bound.soft_high, bound.hard_high) if b is not None] if bound else []
    top = max([*bounds, *([] if gauge.value is None else [gauge.value])], default=Decimal(0)) * Decimal("1.15")
    if bound is None or top <= 0:
        return (), ""

    def at(value: Decimal) -> Decimal:
        return max(Decimal(0), min(value, top)) * _WIDTH / top

    soft, hard = bound.soft_high, bound.hard_high
    edges = (
        ("crit", bound.hard_low),
        ("warn", bound.soft_low),
        ("ok", soft if soft is not None else hard if hard is not None else top),
        ("warn", hard if hard is not None else top),
        ("crit", top),
    )
    zones, left = [], Decimal(0)
    for tone, edge in edges:
        if edge is not None and at(edge) > left:
            zones.append((f"{left:.1f}", f"{at(edge) - left:.1f}", tone))
            left = at(edge)
    return tuple(zones), "" if gauge.value is None else f"{at(gauge.value):.1f}"


def _between(low: Decimal | None, high: Decimal | None) -> str:
    if low is None:
        return "–" if high is None else f"to {_said(high)}"
    return f"from {_said(low)}" if high is None else f"{_said(low)} to {_said(high)}"


def _said(value: Decimal) -> str:
    return shown_number(round(value, 2 if abs(value) >= 1 else 4))


