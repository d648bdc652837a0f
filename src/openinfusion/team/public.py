# SPDX-License-Identifier: Apache-2.0
"""The door of the team: who is this, may they do this task, and who is on call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role
from openinfusion.kernel.waiting import EVERYTHING, Ask, Hit, Waited, Waiting, few
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.team.actions.competency import attest_garb, record_competency, record_remediation
from openinfusion.team.actions.on_call import put_on_call, take_off_call
from openinfusion.team.actions.people import add_person, record_credential
from openinfusion.team.domain import licence
from openinfusion.team.domain.competency import due_on, reasons_against
from openinfusion.team.domain.licence import expired_reasons
from openinfusion.team.domain.on_call import Duty, duties, line_after
from openinfusion.team.domain.trial import Trial
from openinfusion.team.models import Person
from openinfusion.team.permissions import ON_CALL
from openinfusion.team.queries.bench import licence_reasons_of_task, reasons_at_bench
from openinfusion.team.queries.matrix import Due, dues, shortest_months
from openinfusion.team.queries.on_call import Gap, OnCall, ShiftFact, gaps_of, on_call_at, shifts_between
from openinfusion.team.queries.people import CredentialFact, PersonFact, everybody, latest_results, people_facts, person_of

__all__ = [
    "CredentialFact",
    "Due",
    "Duty",
    "OnCall",
    "PersonFact",
    "ShiftFact",
    "Trial",
    "add_person",
    "attest_garb",
    "bench_reasons",
    "competency_reasons",
    "driving_reasons",
    "dues",
    "expired_licences",
    "find",
    "licence_reasons",
    "line_after",
    "on_call",
    "people",
    "person",
    "put_on_call",
    "record_competency",
    "record_credential",
    "record_remediation",
    "shifts_between",
    "take_off_call",
    "task_licence_reasons",
    "waiting",
]
DUE_SOON_DAYS = 30
LICENCE_SOON_DAYS = 90


def person(user_id: UUID) -> PersonFact:
    """The person with this account id; NotFound otherwise."""
    return person_of(user_id)


def people(role: Role | None = None) -> list[PersonFact]:
    """Everybody, or all who hold a role, by name."""
    return everybody(role)


def competency_reasons(user_id: UUID, task: str, on: date) -> list[Reason]:
    """Every reason why this person may not do this task on this day."""
    results = latest_results([user_id])
    name = person_of(user_id).name
    return list(reasons_against(task, results.get(user_id, []), on, name))


def bench_reasons(
    user_id: UUID, tasks: Sequence[str], *, site_id: UUID, state: str, on: date, hazardous: bool
) -> list[Reason]:
    """May this person work at the bench of a site today? Competencies of the tasks, garbing attested on entering, and

    licences of the site's state that have expired; each reason once. NotFound if nobody is that.
    """
    return reasons_at_bench(user_id, tasks, site_id=site_id, state=state, on=on, hazardous=hazardous)


def task_licence_reasons(user_id: UUID, task: str, *, site: str, on: date, ship_to: str = "") -> list[Reason]:
    """Every reason why this person's licences do not cover a task (release_to_bench, verify_preparation,

    dispense_preparation) at a site of a state, for a patient of another, by the dated rules.
    """
    return licence_reasons_of_task(user_id, task, {"site": site, "ship_to": ship_to}, on)


def expired_licences(user_id: UUID, state: str, on: date) -> list[Reason]:
    """A licence of this person for a state that was on record and has expired; one never recorded is not judged here."""
    seen = person_of(user_id)
    return list(expired_reasons(((c.kind, c.state, c.expires_on) for c in seen.credentials), state, on, seen.name))


def driving_reasons(user_id: UUID, on: date) -> list[Reason]:
    """Why this person may not drive on a day: a driving licence that was on record and has expired."""
    seen = person_of(user_id)
    return list(licence.driving_reasons(((c.kind, c.expires_on) for c in seen.credentials), on, seen.name))


def licence_reasons(user_id: UUID, state: str, on: date, kind: str) -> list[Reason]:
    """Every reason why this person's licence of a kind does not cover a state on a day."""
    seen = person_of(user_id)
    mine = [c for c in seen.credentials if c.kind == kind and c.state == state.upper()]
    if not mine:
        return [Reason("licence-missing", f"{seen.name} has no {kind} licence for {state.upper()}", "compliance records it")]
    if all(c.expires_on < on for c in mine):
        return [Reason("licence-expired", f"{seen.name}'s {kind} licence for {state.upper()} has expired", "a renewal")]
    return []


def on_call(site_id: UUID, duty: Duty, at: datetime) -> OnCall:
    """Who holds a duty at a site at an instant, and who of the lines after; nobody is an answer."""
    return on_call_at(site_id, duty, at)


def waiting(by: Actor, ask: Ask = EVERYTHING) -> Waited:
    """Competencies that lapse within a month or have lapsed, for compliance; hours nobody is on call, for who plans them."""
    found = Waited()
    if ask.has(Role.COMPLIANCE.value):
        found = few("Competency", ask, now(), _lapsing) + few("Licence", ask, now(), _expiring)
    turn = next((r.value for r in sorted(ON_CALL.roles) if ask.has(r.value)), "")
    return found + few("On-call gap", ask, now(), lambda: _gaps(turn)) if turn and by.may(ON_CALL.code) else found


def _gaps(owner: str) -> list[Waiting]:
    """The first gap of each duty at each pharmacy, with how many more there are."""
    at, groups = now(), defaultdict[tuple[UUID, Duty], list[Gap]](list)
    for gap in gaps_of(at):
        groups[gap.site.id, gap.duty].append(gap)
    found = []
    for (site_id, duty), mine in groups.items():
        first, open_now = mine[0], mine[0].span.start <= at
        starts = first.span.start.astimezone(ZoneInfo(first.site.timezone))
        title = f"{first.site.name}: {duties()[duty].title.lower()}, {'now' if open_now else f'from {starts:%d-%b-%Y %H:%M}'}"
        found.append(
            Waiting(
                "team",
                "On-call gap",
                site_id,
                title + (f" and {len(mine) - 1} more" if len(mine) > 1 else ""),
                "",
                "nobody is on call" if open_now else "nobody will be on call",
                "crit" if open_now else "warn",
                owner,
                at,
                f"/team/on-call/?site={site_id}&day={starts:%Y-%m-%d}",
                first.span.start,
                ("somebody on call",),
            )
        )
    return found


def _lapsing() -> list[Waiting]:
    today = house_today()
    everyone = people()
    results = latest_results([p.id for p in everyone])
    months: dict[str, tuple[int, str]] = {e: (m, label) for e, (m, label, _) in shortest_months().items()}
    found = []
    for p in everyone:
        for one in results.get(p.id, []):
            due = due_on(one.on, months[one.element][0])
            if (due - today).days <= DUE_SOON_DAYS or not one.passed:
                state = "failed" if not one.passed else "lapsed" if due <= today else "lapses soon"
                found.append(
                    Waiting(
                        "team",
                        "Competency",
                        p.id,
                        f"{p.name}: {months[one.element][1]}",
                        "",
                        state,
                        "crit" if state != "lapses soon" else "warn",
                        "compliance",
                        now(),
                        f"/team/{p.id}/",
                    )
                )
    return found


def _expiring() -> list[Waiting]:
    """Licences of people that expire within 90 days or have expired."""
    today, found = house_today(), []
    for due in dues():
        if due.kind == "Licence" and (due.on - today).days <= LICENCE_SOON_DAYS:
            state = "expired" if due.on < today else f"expires {due.on:%d-%b-%Y}"
            tone = "crit" if due.on < today else "warn"
            title = f"{due.who}: {due.what}"
            found.append(
                Waiting("team", "Licence", due.id, title, "", state, tone, "compliance", now(), due.url)
            )
    return found


def find(text: str, by: Actor) -> list[Hit]:
    """People by the beginning of any part of their name."""
    hits = Person.objects.filter(name__iregex=rf"(^|\s){''.join(c for c in text if c.isalnum() or c in ' -')}")[:8]
    return [Hit("Person", p.name, ", ".join(sorted(r.label for r in p.roles)), f"/team/{p.id}/") for p in people_facts(hits)]
