# SPDX-License-Identifier: Apache-2.0
"""The monitoring list as the checks read it: of each test of a course the row that is open, else the last one."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, IntegerField, Value, When

from openinfusion.clinical.domain.facts import ListedTest
from openinfusion.clinical.models import Monitoring
from openinfusion.platform.reading import Reading

_OPEN_FIRST = Case(When(state__in=["due", "drawn"], then=Value(0)), default=Value(1), output_field=IntegerField())
_ROWS = Reading(
    lambda among: (
        Monitoring.objects.filter(among("therapy_id"), folded=False)
        .order_by("therapy_id", "code", _OPEN_FIRST, "-due_on", "-made_at")
        .distinct("therapy_id", "code")
    ),
    "therapy_id", "code", "name", "state", "due_on", "late_at", "every_days", "result",
)  # fmt: skip


def listed_tests(zones: Mapping[UUID, str]) -> dict[UUID, tuple[ListedTest, ...]]:
    """The list of each of these courses, whose patients live in these time zones; a course without rows is absent."""
    found: dict[UUID, tuple[ListedTest, ...]] = {}
    for r in _ROWS(list(zones)):
        late_from = r.late_at.astimezone(ZoneInfo(zones[r.therapy_id])).date()
        one = ListedTest(code=r.code, name=r.name, state=r.state, due_on=r.due_on, late_from=late_from,
                         every_days=r.every_days, result=r.result)
        found[r.therapy_id] = (*found.get(r.therapy_id, ()), one)
    return found
