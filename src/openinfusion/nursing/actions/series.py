# SPDX-License-Identifier: Apache-2.0
"""Visits that come back: asked for at once, each with its own choice of days."""
from __future__ import annotations

from datetime import date, time, timedelta
from uuid import UUID

from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.nursing.actions.schedule import request_visit
from openinfusion.nursing.domain.visit_form import GENERAL
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor

MOST_TIMES, MOST_DAYS = 60, 90


@action
def request_series(
    *, therapy_id: UUID, purpose: str, by: Actor, times: int = 1, every_days: int | None = None, earliest_on: date | None = None,
    latest_on: date | None = None, prescription_id: UUID | None = None, infuses: bool = True, visit_type: str = GENERAL,
    second_why: str = "", second_note: str = "", wished_from: time | None = None, wished_by: time | None = None,
) -> list[UUID]:
    """Ask for ``times`` visits every so many days; the days given are those of the first, the others have as many.

    The choices of two visits never meet, so that a plan cannot put both on one day. One visit may do without days.
    """
    days = [(earliest_on, latest_on)] if times == 1 else _days(times, every_days, earliest_on, latest_on)
    return [
        request_visit(
            therapy_id=therapy_id, purpose=purpose, by=by, prescription_id=prescription_id, infuses=infuses,
            visit_type=visit_type, second_why=second_why, second_note=second_note, earliest_on=first, latest_on=last,
            wished_from=wished_from, wished_by=wished_by,
        ) for first, last in days
    ]


def _days(times: int, every: int | None, first: date | None, last: date | None) -> list[tuple[date, date]]:
    """The choice of days of each visit."""
    faults = []
    if not 1 <= times <= MOST_TIMES:
        faults.append(Fault("times", f"1 to {MOST_TIMES} visits"))
    if every is None or not 1 <= every <= MOST_DAYS:
        faults.append(Fault("every_days", f"several visits come every 1 to {MOST_DAYS} days"))
    if first is None:
        faults.append(Fault("earliest_on", "several visits begin with a day"))
    if faults or every is None or first is None:
        raise Malformed(*faults)
    last = last or first
    if not 0 <= (last - first).days < every:
        raise Malformed(Fault("latest_on", "the days that will do are fewer than the days from one visit to the next"))
    steps = [timedelta(days=every * n) for n in range(times)]
    return [(first + step, last + step) for step in steps]
