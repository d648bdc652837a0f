# SPDX-License-Identifier: Apache-2.0
"""What the team's templates receive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openinfusion.kernel.refusal import Reason
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import Line, timeline
from openinfusion.team.domain.competency import reasons_against, requirements, tasks
from openinfusion.team.models import CompetencyResult, Remediation
from openinfusion.team.permissions import COMPETENCY, CREDENTIAL
from openinfusion.team.queries.matrix import remediations_of, results_of
from openinfusion.team.queries.people import PersonFact, everybody, latest_results, person_of
from openinfusion.team.web.forms import CompetencyForm, CredentialForm, RemediationForm


@dataclass(frozen=True, slots=True)
class Fitness:
    """May this person do this task today?"""

    task: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    tasks: tuple[str, ...]
    rows: tuple[tuple[PersonFact, tuple[Fitness, ...]], ...]


@dataclass(frozen=True, slots=True)
class PersonPage:
    person: PersonFact
    fitness: tuple[Fitness, ...]
    results: tuple[tuple[str, date, bool, str], ...]
    lines: list[Line]
    history: tuple[tuple[str, CompetencyResult], ...]
    remediations: tuple[tuple[str, Remediation], ...]
    competency_form: CompetencyForm | None
    remediation_form: RemediationForm | None
    credential_form: CredentialForm | None


def people_page(by: Actor) -> PeoplePage:
    people = everybody()
    results = latest_results([p.id for p in people])
    today, names = house_today(), tasks()
    return PeoplePage(
        tuple(names),
        tuple((p, tuple(Fitness(t, reasons_against(t, results.get(p.id, []), today, p.name)) for t in names)) for p in people),
    )


def person_page(user_id: UUID, by: Actor) -> PersonPage:
    person = person_of(user_id)
    latest = latest_results([user_id]).get(user_id, [])
    today = house_today()
    labels = {r.element: r for r in requirements()}
    may = by.may(COMPETENCY.code) and by.id != user_id
    return PersonPage(
        person,
        tuple(Fitness(t, reasons_against(t, latest, today, person.name)) for t in tasks()),
        tuple((labels[p.element].label, p.on, p.passed, str(labels[p.element].source)) for p in latest),
        timeline(subject_id=user_id),
        tuple((labels[r.element].label, r) for r in results_of([user_id], 60) if r.element in labels),
        tuple((labels[r.element].label, r) for r in remediations_of(user_id) if r.element in labels),
        CompetencyForm() if may else None,
        RemediationForm(auto_id="remediation-%s") if may and any(not p.passed for p in latest) else None,
        CredentialForm() if by.may(CREDENTIAL.code) else None,
    )
