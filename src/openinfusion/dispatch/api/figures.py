# SPDX-License-Identifier: Apache-2.0
"""What plans weigh as JSON: in force, set, and to be set."""

from __future__ import annotations

from datetime import date, time

from django.http import HttpRequest
from ninja import Schema

from openinfusion.dispatch.actions.figures import set_figures
from openinfusion.dispatch.api.plan import Made
from openinfusion.dispatch.api.router import router
from openinfusion.dispatch.domain.day_plan import PlanKind
from openinfusion.dispatch.domain.figures import DayFigures
from openinfusion.dispatch.permissions import READ
from openinfusion.dispatch.queries.figures import figure_rows, figures_on
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.api import Whole
from openinfusion.platform.house_day import house_today


class FiguresIn(Schema):
    """Hours of who has no shift; minutes of ``overtime`` at most, and by which a time may move that nobody (``flexible``) or

    somebody (``agreed``) agreed to; points a metre, a minute away, a minute more of overtime and after the wished hour, for a
    nurse the patient does not know, for a promise given to somebody else, a minute of whoever is away longest over several
    days, and for what has no place. ``source``: where the figures come from.
    """

    effective_from: date
    begins: time
    ends: time
    overtime: Whole
    flexible: Whole
    agreed: Whole
    distance: Whole
    paid: Whole
    overtime_price: Whole
    late: Whole
    other_person: Whole
    moved: Whole
    fair: Whole
    left_out: Whole
    source: str


class FiguresOut(FiguresIn):
    """``status``: unverified, or who set them."""

    status: str


class FiguresOfKindOut(Schema):
    """``rows``: what the house has set, the newest first, days to come among them; none: the assumption is in force."""

    in_force: FiguresOut
    rows: list[FiguresOut]


@router.get("/figures/{kind}", response=FiguresOfKindOut)
def figures_of(request: HttpRequest, kind: str) -> FiguresOfKindOut:
    """What plans of drivers or nurses weigh today, and every row that was set."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    which = _kind(kind)
    rows = [FiguresOut.from_orm(r) for r in figure_rows(which)]
    return FiguresOfKindOut(in_force=FiguresOut.from_orm(figures_on(which, house_today())), rows=rows)


@router.post("/figures/{kind}", response=Made)
def figures_set(request: HttpRequest, kind: str, given: FiguresIn) -> Made:
    """Set what plans weigh from a day to come on. What is set is never changed; a day has one row of each kind."""
    figures = DayFigures(kind=_kind(kind), **given.dict())
    return Made(id=set_figures(figures=figures, by=request.actor))  # type: ignore[attr-defined]


def _kind(said: str) -> PlanKind:
    if said not in set(PlanKind):
        raise NotFound(f"kind of plan {said}")
    return PlanKind(said)
