# SPDX-License-Identifier: Apache-2.0
"""What the templates of intake receive."""
from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from django import forms
from django.urls import reverse

from openinfusion.intake import public as intake
from openinfusion.intake import queries
from openinfusion.intake.domain.authorization import AUTHORIZATION
from openinfusion.intake.domain.item import Item
from openinfusion.intake.domain.margin import ExpectedMargin
from openinfusion.intake.domain.referral import REFERRAL, ReferralState
from openinfusion.intake.permissions import ASSESS, AUTHORIZE, BENEFITS, WORK
from openinfusion.intake.queries import AssessmentFact, AuthorizationFact, BenefitsFact, ReferralFact
from openinfusion.intake.queries.benefit_view import BenefitView, benefit_view
from openinfusion.intake.web import forms as f
from openinfusion.kernel.money import total
from openinfusion.patients import public as patients
from openinfusion.payers import public as payers
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.parts import Act, acts_of

_LANES = (
    ReferralState.RECEIVED, ReferralState.IN_REVIEW, ReferralState.PENDING_INFO, ReferralState.BENEFITS_PENDING,
    ReferralState.AUTH_PENDING, ReferralState.CLINICALLY_ACCEPTED, ReferralState.ACCEPTED, ReferralState.SCHEDULED,
)


@dataclass(frozen=True, slots=True)
class Lane:
    state: str
    tone: str
    cards: tuple[ReferralFact, ...]


@dataclass(frozen=True, slots=True)
class BoardPage:
    lanes: tuple[Lane, ...]
    counts: tuple[tuple[str, int], ...]
    state: str
    text: str
    total: int


def board_page(state: str, text: str) -> BoardPage:
    known = {s.value for s in ReferralState}
    state = state if state in known else ""
    seen = queries.referral_facts(queries.board_rows(state, text))
    wanted = [ReferralState(state)] if state else list(_LANES)
    lanes = tuple(Lane(s.value, REFERRAL.tone(s), tuple(r for r in seen if r.state == s)) for s in wanted)
    counts = queries.counts_by_state()
    return BoardPage(lanes, tuple((s.value, counts.get(s.value, 0)) for s in ReferralState), state, text, len(seen))


@dataclass(frozen=True, slots=True)
class ItemRow:
    item: Item
    acts: tuple[Act, ...]
    where: str


@dataclass(frozen=True, slots=True)
class AuthorizationRow:
    fact: AuthorizationFact
    plan: str
    tone: str


@dataclass(frozen=True, slots=True)
class ReferralPage:
    referral: ReferralFact
    banner: patients.Banner
    tone: str
    acts: tuple[Act, ...]
    items: tuple[ItemRow, ...]
    gather: tuple[Act, ...]
    benefits: BenefitsFact | None
    benefits_plan: str
    assessment: AssessmentFact | None
    home: patients.HomeFact | None
    asked: tuple[str, ...]  # pregnancy and lactation in words, where the chart asks or somebody answered
    coverage_plan: str
    authorizations: tuple[AuthorizationRow, ...]
    expected: ExpectedMargin
    expectations: tuple[queries.ExpectationRow, ...]
    benefit: BenefitView
    help: tuple[Act, ...]
    timeline: tuple[Line, ...]
    zone: str


def referral_page(referral_id: UUID, by: Actor) -> ReferralPage:
    fact = intake.referral(referral_id)
    plans = {p.id: str(p) for p in payers.plans()}
    found = queries.benefits_of(referral_id)
    expected = queries.expected_now(fact, house_today())
    open_still = ReferralState(fact.state) in set(_LANES[:6])
    return ReferralPage(
        referral=fact,
        banner=patients.banner(fact.patient.id),
        tone=REFERRAL.tone(ReferralState(fact.state)),
        acts=_steps(fact, by),
        items=tuple(_item(fact, item, by, open_still) for item in fact.items),
        gather=_gather(fact, by) if open_still else (),
        benefits=found,
        benefits_plan=plans.get(found.plan_id, "") if found else "",
        assessment=queries.assessment_of(referral_id),
        home=patients.home(fact.patient.id),
        asked=_asked(fact.patient),
        coverage_plan=plans.get(fact.coverage.plan_id, "") if fact.coverage else "",
        authorizations=tuple(_authorization(a, plans) for a in fact.authorizations),
        expected=expected,
        expectations=tuple(queries.expectations_of(referral_id)),
        benefit=benefit_view(fact, total(x.low for x in expected.income), total(x.high for x in expected.income)),
        help=_help(fact, by),
        timeline=tuple(timeline(subject_id=referral_id)),
        zone=fact.patient.timezone or "UTC",
    )


def _help(fact: ReferralFact, by: Actor) -> tuple[Act, ...]:
    if not by.may(BENEFITS.code):
        return ()
    form = f.AssistanceForm(auto_id="help_%s")
    return (Act("help", "Record assistance", reverse("intake:assistance", args=[fact.id]), form=form),)


def _asked(patient: patients.PatientFact) -> tuple[str, ...]:
    found = {a.about: a for a in patients.asked(patient.id)}
    age = patients.age_on(patient.born_on, house_today())
    if not found and not patients.asks_about_pregnancy(age):
        return ()
    return tuple(
        f"{found[about].words}, {found[about].asked_on:%d-%b-%Y}" if about in found and found[about].asked_on
        else patients.words_of(about, patients.Said.NOT_ASKED)
        for about in patients.About
    )


def _steps(fact: ReferralFact, by: Actor) -> tuple[Act, ...]:
    """The buttons; an end asks for its code in the dialog, so its guards are asked as if one were chosen."""
    asked: dict[str, forms.Form] = {
        "decline": f.EndForm(auto_id="decline_%s"), "cancel": f.EndForm(auto_id="cancel_%s"),
        "refer_out": f.ReferOutForm(auto_id="out_%s"),
    }
    if fact.state == ReferralState.ACCEPTED:
        asked["schedule"] = f.ScheduleForm(initial={"start_on": fact.start_on}, auto_id="schedule_%s")

    facts = replace(fact.facts, turn_away="duplicate", referred_to="named in the dialog")
    return acts_of(
        REFERRAL, fact.state, facts, by, url_for=lambda step: reverse("intake:step", args=[fact.id, step]), forms=asked,
    )


_WHERE = {
    "allergies": "allergy",
    "weight": "measurement",
    "height": "measurement",
    "access_device": "line",
    "feeding_tube": "line",
    "coverage": "coverage",
    "consent": "consent",
    "home_assessment": "home",
    "delivery_address": "demographics",
    "phone": "demographics",
    "creatinine": "lab",
}


def _item(fact: ReferralFact, item: Item, by: Actor, open_still: bool) -> ItemRow:
    where = f"{reverse('patients:patient', args=[fact.patient.id])}#{_WHERE[item.code]}" if item.code in _WHERE else ""
    if not item.by_hand or not open_still or not by.may(WORK.code):
        return ItemRow(item, (), where)
    if item.there:
        url = reverse("intake:item_take_back", args=[fact.id, item.code])
        return ItemRow(item, (Act(f"back-{item.code}", "Take back", url, needs_reason=True),), where)
    url = reverse("intake:item_receive", args=[fact.id, item.code])
    form = f.NoteForm(auto_id=f"{item.code}_%s")
    del form.fields["reason"]
    return ItemRow(item, (Act(f"got-{item.code}", "Received", url, form=form),), where)


def _gather(fact: ReferralFact, by: Actor) -> tuple[Act, ...]:
    found = []
    if by.may(WORK.code):
        found.append(
            Act("order", "Complete the order", reverse("intake:order", args=[fact.id]), form=_order_form(fact))
        )
    if by.may(BENEFITS.code):
        plan = {"plan_id": str(fact.coverage.plan_id)} if fact.coverage else {}
        form = f.BenefitsForm(initial=plan, auto_id="benefits_%s")
        found.append(Act("benefits", "Record benefits", reverse("intake:benefits", args=[fact.id]), form=form))
    if by.may(ASSESS.code):
        form_a = f.AssessmentForm(auto_id="assessment_%s")
        found.append(Act("assessment", "Assess the patient", reverse("intake:assessment", args=[fact.id]), form=form_a))
    if by.may(AUTHORIZE.code):
        form_u = f.AuthorizationForm(initial={"units": _units_meant(fact)}, auto_id="units_%s")
        url = reverse("intake:authorization_open", args=[fact.id])
        found.append(Act("authorization", "Ask for an authorization", url, form=form_u))
    return tuple(found)


def _order_form(fact: ReferralFact) -> f.OrderForm:
    known = {
        "drug_code": fact.drug_code,
        "route": fact.route,
        "interval_hours": fact.interval_hours,
        "days": fact.days,
        "doses": fact.doses,
        "infusion_minutes": fact.infusion_minutes,
        "rate_ml_per_h": fact.rate_ml_per_h,
        "start_on": fact.start_on,
        "ordered_on": fact.ordered_on,
        "icd10": fact.icd10,
        "diagnosis_text": fact.diagnosis_text,
        "prescriber_name": fact.prescriber_name,
        "prescriber_npi": fact.prescriber_npi,
    }
    if fact.dose is not None:
        known |= {"dose_amount": f"{fact.dose.amount.normalize():f}", "dose_unit": fact.dose.unit.code}
    return f.OrderForm(initial=known, auto_id="order_%s")


def _units_meant(fact: ReferralFact) -> str:
    """The codes this order would be billed by, with the units of the whole course, as a start."""
    lines = [line.text.split(" units")[0] for line in queries.expected_for(fact, house_today()).income]
    return "\n".join(line.replace(",", "") for line in lines)


def _authorization(fact: AuthorizationFact, plans: dict[UUID, str]) -> AuthorizationRow:
    state = type(AUTHORIZATION.initial)(fact.state)
    return AuthorizationRow(fact, plans.get(fact.plan_id, ""), AUTHORIZATION.tone(state))


@dataclass(frozen=True, slots=True)
class NewPage:
    form: f.ReferralForm


