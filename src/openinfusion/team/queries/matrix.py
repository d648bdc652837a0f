# SPDX-License-Identifier: Apache-2.0
"""The competency matrix: people by elements with what is due when; and everything of people that has a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openinfusion.platform.house_day import house_today
from openinfusion.team.domain.competency import Pass, due_on, requirements
from openinfusion.team.models import CompetencyResult, Credential, GarbAttest, Remediation
from openinfusion.team.queries.people import PersonFact, everybody, latest_results


@dataclass(frozen=True, slots=True)
class Cell:
    """One person in one element: in words, toned, with the first day on which it holds no more."""

    element: str
    words: str
    tone: str
    due: date | None


@dataclass(frozen=True, slots=True)
class Due:
    """One thing of a person that is due: ``on`` is the first day on which it is late."""

    kind: str
    id: UUID
    who: str
    what: str
    on: date
    url: str


def shortest_months() -> dict[str, tuple[int, str, int]]:
    """For each element the usual interval (of the tasks that are not category 3), its label, and first passes."""
    found: dict[str, tuple[int, str, int]] = {}
    for r in requirements():
        if r.task != "category_3_compounding":
            found.setdefault(r.element, (r.months, r.label, r.first_passes))
    return found


def cell(element: str, latest: Pass | None, today: date) -> Cell:
    """How one person stands in one element."""
    months, _, first = shortest_months()[element]
    if latest is None:
        return Cell(element, "none", "idle", None)
    due = due_on(latest.on, months)
    if not latest.passed:
        return Cell(element, "failed", "crit", None)
    if latest.best < first:
        return Cell(element, f"{latest.in_a_row} of {first}", "warn", None)
    left = (due - today).days
    if left <= 0:
        return Cell(element, "lapsed", "crit", due)
    return Cell(element, "soon" if left <= 30 else "holds", "warn" if left <= 30 else "ok", due)


def matrix() -> list[tuple[PersonFact, tuple[Cell, ...]]]:
    """Everybody who has any result, by the elements in their order."""
    people, today = everybody(), house_today()
    results = latest_results([p.id for p in people])
    found = []
    for person in people:
        mine = {x.element: x for x in results.get(person.id, ())}
        if mine:
            found.append((person, tuple(cell(e, mine.get(e), today) for e in shortest_months())))
    return found


def dues() -> list[Due]:
    """Competencies and licences of people by the day they are due, the soonest first."""
    months = shortest_months()
    found = [
        Due("Competency", p.id, p.name, months[c.element][1], c.due, f"/team/{p.id}/")
        for p, cells in matrix()
        for c in cells
        if c.due
    ]
    last: dict[tuple[UUID, str, str], Credential] = {}
    for c in Credential.objects.select_related("person").order_by("expires_on"):
        last[c.person_id, c.kind, c.state] = c
    found += [_licence_due(c) for c in last.values()]
    return sorted(found, key=lambda d: (d.on, d.who, d.what))


def _licence_due(c: Credential) -> Due:
    return Due("Licence", c.id, c.person.name, f"{c.kind} {c.state}", c.expires_on, f"/team/{c.person.user_id}/")


def results_of(user_ids: Iterable[UUID], limit: int = 200) -> list[CompetencyResult]:
    """Results of these people, the latest first."""
    rows = CompetencyResult.objects.filter(person__user_id__in=list(user_ids)).select_related("person")
    return list(rows.order_by("-on", "-made_at")[:limit])


def remediations_of(user_id: UUID) -> list[Remediation]:
    return list(Remediation.objects.filter(person__user_id=user_id).order_by("-on")[:50])


def garbed_today(user_id: UUID, site_id: UUID, on: date) -> list[bool]:
    """For each attest of the day whether it was for hazardous work."""
    rows = GarbAttest.objects.filter(person__user_id=user_id, site_id=site_id, on=on)
    return list(rows.order_by("at").values_list("hazardous", flat=True))
