# SPDX-License-Identifier: Apache-2.0
"""Setting what plans weigh, from a day on."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from openinfusion.dispatch.domain.figures import DayFigures, must_be_sound
from openinfusion.dispatch.models import PlanFigures
from openinfusion.dispatch.permissions import SET_FIGURES
from openinfusion.dispatch.queries.figures import figures_on
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write


@action
def set_figures(*, figures: DayFigures, by: Actor) -> UUID:
    """The house's own row of a kind of plan from a day on, tomorrow at the earliest: today's plans were made with today's.

    A row on file is never changed, and a day has one of each kind.
    """
    by.must(SET_FIGURES)
    must_be_sound(figures)
    day, kind = figures.effective_from, figures.kind
    if day <= house_today():
        raise Malformed(Fault("effective_from", "is a day to come; today's plans were made with the figures in force"))
    if PlanFigures.objects.filter(kind=kind.value, effective_from=day).exists():
        raise Refused(Reason("figures-there", "from that day on there are figures already", "choose a later day"))
    before = asdict(figures_on(kind, day))
    kept = {k: v for k, v in asdict(figures).items() if k not in ("kind", "status")} | {"source": figures.source.strip()}
    row = PlanFigures.objects.create(kind=kind.value, set_by_name=by.name, **kept)
    changed = [f"{n.replace('_', ' ')} {before[n]} to {v}" for n, v in kept.items() if n not in _NOT_WEIGHED and before[n] != v]
    write(by, "dispatch.figures.set", row, "{actor} set what plans of {kind} weigh from {day}: {changed}.",
          noted={"kind": kind.value, "day": day, "changed": "; ".join(changed) or "as before"})  # fmt: skip
    return row.id


_NOT_WEIGHED = ("source", "effective_from")
