# SPDX-License-Identifier: Apache-2.0
"""The days of a suite as they went, from its appointments and the rates on their records."""
from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Min, Q

from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.nursing.domain.suite_use import DayUse, OpenHours, Sat, day_use
from openinfusion.nursing.models import Appointment, RateReading
from openinfusion.nursing.queries.suite import day_span
from openinfusion.nursing.queries.suite_terms import instant_at, terms_on, zone_at
from openinfusion.platform.clock import now
from openinfusion.sites import public as sites

MOST_DAYS = 92


def days_between(first: date, last: date) -> tuple[date, date]:
    """The days asked for, as they are; Malformed where they are too many or the wrong way round."""
    if not 0 <= (last - first).days < MOST_DAYS:
        raise Malformed(Fault("last", f"the last day is not before the first, and {MOST_DAYS} days at most"))
    return first, last


def suite_use(site_id: UUID, first: date, last: date) -> list[DayUse]:
    """Each day on which somebody had a place, the newest first."""
    zone, chairs, at = zone_at(site_id), len(sites.chairs(site_id)), now()
    begins, ends = day_span(site_id, first)[0], day_span(site_id, last)[1]
    held = Q(checked_in_at__isnull=False) | Q(state="no_show")
    rows = list(Appointment.objects.filter(held, site_id=site_id, starts_at__gte=begins, starts_at__lt=ends))
    infused = dict(
        RateReading.objects.filter(visit__in=[a.visit_id for a in rows if a.visit_id], rate_ml_per_h__gt=0)
        .values_list("visit").annotate(Min("at"))
    )
    by_day: dict[date, list[Sat]] = {}
    for a in rows:
        if a.starts_at is not None:
            by_day.setdefault(a.starts_at.astimezone(zone).date(), []).append(_sat(a, a.starts_at, infused))
    found = []
    for day in sorted(by_day, reverse=True):
        terms = terms_on(site_id, day)
        hours = OpenHours(instant_at(day, terms.opens, zone), instant_at(day, terms.closes, zone), chairs,
                          timedelta(minutes=terms.grace_minutes))
        found.append(day_use(day, hours, by_day[day], at))
    return found


def _sat(a: Appointment, starts: datetime, infused: dict[UUID, datetime]) -> Sat:
    at = infused.get(a.visit_id) if a.visit_id else None
    return Sat(starts, a.observation_ends_at or starts, a.checked_in_at, at, a.discharged_at, a.state == "no_show")
