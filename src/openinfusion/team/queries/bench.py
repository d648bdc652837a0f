# SPDX-License-Identifier: Apache-2.0
"""What the gate asks of a person, in one round trip: competencies, garbing of the day, licences; for a task, licences alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from openinfusion.kernel.refusal import NotFound, Reason
from openinfusion.platform.reading import Reading, together
from openinfusion.team.domain.competency import latest_of, reasons_against
from openinfusion.team.domain.garb import garb_reason
from openinfusion.team.domain.licence import expired_reasons
from openinfusion.team.domain.licence_rule import task_reasons
from openinfusion.team.models import CompetencyResult, Credential, GarbAttest, Person

_PERSON = Reading(lambda among: Person.objects.filter(among("user_id")), "name")
_RESULTS = Reading(
    lambda among: CompetencyResult.objects.filter(among("person__user_id")).order_by("on", "made_at"), "element", "on", "passed"
)
_GARB = Reading(
    lambda among: GarbAttest.objects.filter(among("person__user_id")).order_by("-on")[:20], "site_id", "on", "hazardous"
)
_LICENCES = Reading(lambda among: Credential.objects.filter(among("person__user_id")), "kind", "state", "expires_on")


def reasons_at_bench(
    user_id: UUID, tasks: Sequence[str], *, site_id: UUID, state: str, on: date, hazardous: bool
) -> list[Reason]:
    """Every reason why this person may not do these tasks at a site on a day, each once; NotFound if nobody is that."""
    people, results, garbs, licences = together((_PERSON, _RESULTS, _GARB, _LICENCES), [user_id])
    if not people:
        raise NotFound(f"person {user_id}")
    name = people[0].name
    history: dict[str, list[tuple[date, bool]]] = defaultdict(list)
    for row in results:
        history[row.element].append((row.on, row.passed))
    latest = [latest_of(element, rows) for element, rows in history.items()]
    found = {str(r): r for task in tasks for r in reasons_against(task, latest, on, name)}
    attested = [g.hazardous for g in garbs if g.site_id == site_id and g.on == on]
    garbed = garb_reason(attested, hazardous, name)
    held = [(x.kind, x.state, x.expires_on) for x in licences]
    return [*found.values(), *([garbed] if garbed else ()), *expired_reasons(held, state, on, name)]


def licence_reasons_of_task(user_id: UUID, task: str, states: Mapping[str, str], on: date) -> list[Reason]:
    """Every reason why this person's licences do not cover a task; one who is not on record has none."""
    people, licences = together((_PERSON, _LICENCES), [user_id])
    name = people[0].name if people else "whoever does this"
    return task_reasons(task, [(x.kind, x.state, x.expires_on) for x in licences], states, on, name)
