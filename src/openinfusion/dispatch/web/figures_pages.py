# SPDX-License-Identifier: Apache-2.0
"""What the page of what plans weigh receives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from openinfusion.dispatch.domain.day_plan import PlanKind
from openinfusion.dispatch.domain.figures import DayFigures
from openinfusion.dispatch.permissions import SET_FIGURES
from openinfusion.dispatch.queries.figures import figure_rows, figures_on
from openinfusion.dispatch.web.figures_forms import FiguresForm
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today

_PRICES = (
    ("distance", "A kilometre driven"), ("paid", "A minute away, from leaving to returning"),
    ("overtime_price", "A minute of overtime, beside it"), ("late", "A minute after the patient's wished hour"),
    ("other_person", "A visit by a nurse the patient does not know"),
    ("moved", "A promise given to somebody else, when a plan is mended"),
    ("fair", "A minute of whoever is away longest, in a plan of several days"),
    ("left_out", "A visit or delivery without a place"),
)  # fmt: skip
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class PriceLine:
    """``minutes``: of paid time that it is worth; None where a minute costs nothing."""

    name: str
    points: int
    minutes: Decimal | None


@dataclass(frozen=True, slots=True)
class FiguresPage:
    kind: PlanKind
    kinds: tuple[PlanKind, ...]
    today: date
    in_force: DayFigures
    lines: tuple[PriceLine, ...]
    rows: tuple[DayFigures, ...]
    form: FiguresForm | None


def figures_page(kind: PlanKind, by: Actor) -> FiguresPage:
    """What is in force today and what each price is worth, every row that was set, and the form to set others."""
    today, rows = house_today(), figure_rows(kind)
    held = figures_on(kind, today)
    form = FiguresForm(initial=_initial(kind, today, rows)) if by.may(SET_FIGURES.code) else None
    return FiguresPage(kind, tuple(PlanKind), today, held, tuple(_lines(held)), tuple(rows), form)


def _lines(f: DayFigures) -> Iterator[PriceLine]:
    for name, words in _PRICES:
        points = getattr(f, name) * (1000 if name == "distance" else 1)  # a metre is worth too little to be read
        yield PriceLine(words, points, (Decimal(points) / f.paid).quantize(_TENTH, ROUND_HALF_UP) if f.paid else None)


def _initial(kind: PlanKind, today: date, rows: list[DayFigures]) -> dict[str, object]:
    """The form as it is in force on the first day from which nothing is set, where these come from left to be said."""
    taken, day = {r.effective_from for r in rows}, today + timedelta(days=1)
    while day in taken:
        day += timedelta(days=1)
    held = figures_on(kind, day)
    return asdict(held) | {"effective_from": day, "source": ""}
