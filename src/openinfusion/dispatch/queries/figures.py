# SPDX-License-Identifier: Apache-2.0
"""What plans weigh on a day: the house's own figures, and the assumption where it has none."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

from openinfusion.dispatch.domain.day_plan import PlanKind
from openinfusion.dispatch.domain.figures import DayFigures, assumed_on
from openinfusion.dispatch.models import PlanFigures
from openinfusion.platform.scope import read_once


@read_once
def figures_on(kind: PlanKind, day: date) -> DayFigures:
    """The house's newest row of a kind in force on a day, else the newest assumption; Broken where there is neither."""
    row = PlanFigures.objects.filter(kind=kind.value, effective_from__lte=day).order_by("-effective_from").first()
    return assumed_on(kind, day) if row is None else _figures(row)


def figure_rows(kind: PlanKind) -> list[DayFigures]:
    """Every row the house has set, the newest first, those of days to come among them."""
    return [_figures(r) for r in PlanFigures.objects.filter(kind=kind.value).order_by("-effective_from")]


def _figures(row: PlanFigures) -> DayFigures:
    kept = {f.name: getattr(row, f.name) for f in fields(DayFigures) if f.name not in ("kind", "status")}
    return DayFigures(**kept, kind=PlanKind(row.kind), status=f"set by {row.set_by_name}")
