# SPDX-License-Identifier: Apache-2.0
"""What the pages of authorizations receive: the list, and one with its criteria, its messages and how it is used up."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse

from openinfusion.intake import queries
from openinfusion.intake.domain.authorization import AUTHORIZATION, AuthorizationState
from openinfusion.intake.domain.criteria import Judged, Standing, counted
from openinfusion.intake.permissions import AUTHORIZE
from openinfusion.intake.queries import AuthorizationCase, ListedAuthorization
from openinfusion.intake.queries.authorization_case import authorization_row
from openinfusion.intake.web import authorization_forms as f
from openinfusion.patients import public as patients
from openinfusion.payers import public as payers
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_day_of, house_today
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.parts import Act, acts_of


@dataclass(frozen=True, slots=True)
class ListRow:
    listed: ListedAuthorization
    patient: patients.PatientFact
    tone: str
    late: bool
    soon: bool
    due_on: date | None


@dataclass(frozen=True, slots=True)
class ListPage:
    state: str
    states: tuple[str, ...]
    text: str
    rows: tuple[ListRow, ...]


SOON_DAYS = 21


def list_page(state: str, text: str) -> ListPage:
    """Authorizations of a state, or all that are not over; ``text`` narrows by patient, drug, payer or number."""
    known = tuple(s.value for s in AuthorizationState)
    found = queries.listed(state if state in known else "")
    who = patients.patients([r.patient_id for r in found])
    today, at, sought = house_today(), now(), text.strip().lower()
    rows = []
    for r in found:
        person = who[r.patient_id]
        if sought and not any(sought in x.lower() for x in (person.name, r.drug, r.payer, r.fact.number)):
            continue
        out = r.burn.runs_out_on if r.burn else None
        rows.append(ListRow(
            r, person, AUTHORIZATION.tone(AuthorizationState(r.fact.state)), r.fact.due_at is not None and r.fact.due_at < at,
            out is not None and (out - today).days <= SOON_DAYS,
            house_day_of(r.fact.due_at) if r.fact.due_at else None,
        ))
    return ListPage(state, known, text.strip(), tuple(rows))


@dataclass(frozen=True, slots=True)
class CriterionRow:
    judged: Judged
    act: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    case: AuthorizationCase
    tone: str
    plan: str
    referral_id: UUID
    referral_number: str
    patient: patients.PatientFact
    drug: str
    criteria: tuple[CriterionRow, ...]
    counts: tuple[tuple[str, str, int], ...]
    acts: tuple[Act, ...]
    more: tuple[Act, ...]
    clock: str
    late: bool
    lines: tuple[Line, ...]
    zone: str


_TONES = {Standing.MET: "ok", Standing.MISSING: "crit", Standing.UNKNOWN: "warn"}


def case_page(authorization_id: UUID, by: Actor) -> CasePage:
    case, row = queries.authorization_case(authorization_id), authorization_row(authorization_id)
    who, fact = patients.patient(row.patient_id), case.fact
    state = AuthorizationState(fact.state)
    may = by.may(AUTHORIZE.code)
    notes = may and state.value in ("to_submit", "info_requested", "denied", "upheld")
    counts = counted(case.judged)
    return CasePage(
        case=case, tone=AUTHORIZATION.tone(state), plan=str(payers.plan(fact.plan_id)), referral_id=fact.referral_id,
        referral_number=row.referral.number, patient=who, drug=row.referral.drug_text,
        criteria=tuple(CriterionRow(j, (_note_act(j, fact.id, fact.version),) if notes else ()) for j in case.judged),
        counts=tuple((_TONES[s], s.value, n) for s, n in counts.items() if n),
        acts=_steps(case, by), more=_more(case, state) if may else (),
        clock=fact.due_words, late=fact.due_at is not None and fact.due_at < now(),
        lines=tuple(timeline(subject_id=authorization_id)), zone=who.timezone or "UTC",
    )


def _note_act(j: Judged, id: UUID, version: int) -> Act:
    form = f.NoteForm(initial={"version": version, "standing": j.standing.value}, auto_id=f"note_{j.code}_%s")
    return Act(f"note-{j.code}", "Note", reverse("intake:authorization_note", args=[id, j.code]), form=form)


def _steps(case: AuthorizationCase, by: Actor) -> tuple[Act, ...]:
    """The buttons; an answer asks for its number and days in the dialog, so its guards are asked as if they were there."""
    fact, later = case.fact, date.max
    facts = replace(
        queries.facts_of(authorization_row(fact.id)), number=fact.number or "asked", first=fact.first or later,
        last=fact.last or later,
    )
    answer = {"number": fact.number, "first": fact.first, "last": fact.last}
    part = answer | {"units": "\n".join(f"{code} {n}" for code, n in fact.units.items())}
    asked: Mapping[str, forms.Form] = {
        "submit": f.SubmitForm(auto_id="submit_%s"), "answer": f.WayForm(auto_id="answer_%s"), "ask": f.WayForm(auto_id="ask_%s"),
        "approve": f.AnswerForm(initial=answer, auto_id="approve_%s"), "deny": f.WayForm(auto_id="deny_%s"),
        "approve_part": f.PartForm(initial=part, auto_id="part_%s"), "appeal": f.WayForm(auto_id="appeal_%s"),
        "overturn": f.AnswerForm(initial=answer, auto_id="overturn_%s"), "call_peer": f.WayForm(auto_id="peer_%s"),
    }
    for form in asked.values():
        del form.fields["reason"]
    return acts_of(
        AUTHORIZATION, fact.state, facts, by, forms=asked, leave_out=frozenset({"warn", "activate", "expire", "use_up"}),
        url_for=lambda step: reverse("intake:authorization_step", args=[fact.id, step]),
    )


def _more(case: AuthorizationCase, state: AuthorizationState) -> tuple[Act, ...]:
    fact = case.fact
    letter = f.LetterForm(initial={"letter": fact.letter, "version": fact.version}, auto_id="letter_%s")
    message, to = f.MessageForm(auto_id="message_%s"), reverse("intake:authorization_message", args=[fact.id])
    found = [
        Act("letter", "Write the letter", reverse("intake:authorization_letter", args=[fact.id]), form=letter),
        Act("message", "Note a message", to, form=message),
    ]
    if state.value in ("approved", "partial", "active", "expiring", "expired", "overturned") and case.renewal is None:
        found.append(Act("renew", "Begin its renewal", reverse("intake:authorization_renew", args=[fact.id])))
    return tuple(found)


def step_form(step: str) -> type[forms.Form]:
    """The form whose values a step brings."""
    forms_of: dict[str, Any] = {
        "approve": f.AnswerForm, "approve_part": f.PartForm, "overturn": f.AnswerForm, "submit": f.SubmitForm,
    }
    found: type[forms.Form] = forms_of.get(step, f.WayForm)
    return found
