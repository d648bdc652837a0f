# SPDX-License-Identifier: Apache-2.0
"""The door of intake: referrals, authorizations, and what an order is expected to bring."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q

from openinfusion.intake import models, queries
from openinfusion.intake.actions.authorization_case import note_criterion, note_message, use_authorization, write_letter
from openinfusion.intake.actions.authorize import advance_authorization, open_authorization, renew_authorization
from openinfusion.intake.actions.decide import advance_referral
from openinfusion.intake.actions.gather import (
    complete_order,
    receive_item,
    record_assessment,
    record_assistance,
    record_benefits,
    take_back_item,
)
from openinfusion.intake.actions.receive import receive_referral
from openinfusion.intake.domain.authorization import AUTHORIZATION, AuthorizationState, Transport
from openinfusion.intake.domain.criteria import Judged, Standing
from openinfusion.intake.domain.incoming import (
    AllergyIn,
    ConditionIn,
    CoverageIn,
    LabIn,
    MeasurementIn,
    OrderIn,
    PersonIn,
    ReferralIn,
    SexIn,
)
from openinfusion.intake.domain.item import Item, is_npi
from openinfusion.intake.domain.margin import CostLine, ExpectedMargin
from openinfusion.intake.domain.referral import REFERRAL, ReferralState, TurnAway
from openinfusion.intake.permissions import READ
from openinfusion.intake.queries import AuthorizationCase, AuthorizationFact, ReferralFact, expected_of
from openinfusion.intake.queries.payer_question import (
    PayerQuestion,
    authorization_question,
    by_trace,
    eligibility_question,
    referral_by_trace,
)
from openinfusion.kernel.machine import shown
from openinfusion.kernel.roles import Role
from openinfusion.kernel.waiting import EVERYTHING, Ask, ChartRow, Hit, Waited, Waiting
from openinfusion.patients import public as patients
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.queue import waited, whose_turn

__all__ = [
    "AUTHORIZATION",
    "REFERRAL",
    "AllergyIn",
    "AuthorizationCase",
    "AuthorizationFact",
    "AuthorizationState",
    "ConditionIn",
    "CostLine",
    "CoverageIn",
    "ExpectedMargin",
    "Item",
    "Judged",
    "LabIn",
    "MeasurementIn",
    "OrderIn",
    "PayerQuestion",
    "PersonIn",
    "ReferralFact",
    "ReferralIn",
    "ReferralState",
    "SexIn",
    "Standing",
    "Transport",
    "TurnAway",
    "advance_authorization",
    "advance_referral",
    "authorization",
    "authorization_case",
    "authorization_for",
    "authorization_question",
    "by_trace",
    "complete_order",
    "counted_uses",
    "due_authorizations",
    "eligibility_question",
    "expectations_of",
    "expected_before",
    "expected_margin",
    "find",
    "is_npi",
    "note_criterion",
    "note_message",
    "open_authorization",
    "outline",
    "receive_item",
    "receive_referral",
    "record_assessment",
    "record_assistance",
    "record_benefits",
    "referral",
    "referral_by_trace",
    "referral_of",
    "referrals",
    "renew_authorization",
    "run_out_soon",
    "take_back_item",
    "use_authorization",
    "waiting",
    "write_letter",
]


def referral(id: UUID) -> ReferralFact:
    """A referral with what it lacks."""
    return queries.referral_fact(queries.referral_row(id))


def outline(id: UUID) -> tuple[str, UUID, UUID | None]:
    """A referral's state, its patient and the therapy that began with it: without what it lacks."""
    row = queries.referral_row(id)
    return row.state, row.patient_id, row.therapy_id


def referral_of(therapy_id: UUID) -> ReferralFact | None:
    """The referral a therapy began with; None where it began without one."""
    row = models.Referral.objects.filter(therapy_id=therapy_id).first()
    return queries.referral_fact(row) if row else None


def referrals(patient_id: UUID) -> list[ReferralFact]:
    """The referrals of a patient, newest first."""
    return queries.referral_facts(list(models.Referral.objects.filter(patient_id=patient_id).order_by("-made_at")))


def authorization(id: UUID) -> AuthorizationFact:
    return queries.authorizations_where(pk=id)[0]


def authorization_case(id: UUID) -> AuthorizationCase:
    """An authorization with its criteria and evidence, what was sent and received, and how it is used up."""
    return queries.authorization_case(id)


def counted_uses(sources: Iterable[str]) -> frozenset[str]:
    """Of these sources of use, those that are counted already."""
    rows = models.AuthorizationUse.objects.filter(source__in=list(sources))
    return frozenset(rows.values_list("source", flat=True))


def run_out_soon() -> list[tuple[UUID, date, str]]:
    """Authorizations in force that run out soon without a renewal open: the day, and why."""
    return queries.run_out_soon()


def authorization_for(
    on: date, *, patient_id: UUID | None = None, therapy_id: UUID | None = None, plan_id: UUID | None = None,
) -> list[AuthorizationFact]:
    """Authorizations that hold on a day, of a patient or a therapy, by a plan if one is named; the newest first."""
    where: dict[str, object] = {}
    if patient_id is not None:
        where["patient_id"] = patient_id
    if therapy_id is not None:
        where["referral__therapy_id"] = therapy_id
    if plan_id is not None:
        where["plan_id"] = plan_id
    return queries.authorizations_on(on, **where)


def due_authorizations() -> list[tuple[UUID, str]]:
    """Authorizations of which the calendar asks a step today: activate, warn or expire."""
    return queries.due_authorizations()


def expected_margin(therapy_id: UUID) -> ExpectedMargin:
    """What was expected when the patient was accepted; NotFound for a therapy that began otherwise."""
    return expected_of(therapy_id)


def expectations_of(referral_id: UUID) -> list[queries.ExpectationRow]:
    """What was expected of a course at acceptance and after each change of order, contract or prices, the newest first."""
    return queries.expectations_of(referral_id)


def expected_before(referral_id: UUID) -> ExpectedMargin:
    """What a referral would bring and cost, as known now."""
    return queries.expected_now(referral(referral_id), house_today())


def waiting(by: Actor, ask: Ask = EVERYTHING) -> Waited:
    """Open referrals and authorizations, with whose turn it is and what is missing."""
    return _referrals(ask) + _authorizations(ask) if by.may(READ.code) else Waited()


def _referrals(ask: Ask) -> Waited:
    """By the state's owner, except where nothing but the pharmacist's acceptance lacks: then it is the pharmacist's turn.

    That turn follows from the chart and not from a column, so it is looked for among the oldest referrals only.
    """
    open_ones = models.Referral.objects.filter(state__in=whose_turn(REFERRAL, ask))
    pending = models.Referral.objects.filter(state__in=_PENDING).select_related("patient").order_by("made_at")
    turned = [r.id for r in queries.referral_facts(list(pending[: ask.limit])) if _for_pharmacist(r)]
    to_show = models.Referral.objects.filter(pk__in=turned) if ask.has(Role.PHARMACIST.value) else None
    rows = open_ones.exclude(pk__in=turned) if to_show is None else open_ones | to_show
    return waited(rows.select_related("patient"), ask, kind="Referral", make=_referrals_waiting)


def _referrals_waiting(rows: list[models.Referral]) -> list[Waiting]:
    return [
        Waiting(
            "intake", "Referral", r.id, r.title, r.patient.name, shown(s := ReferralState(r.state)), REFERRAL.tone(s),
            Role.PHARMACIST.value if r.state in _PENDING and _for_pharmacist(r) else REFERRAL.owner(s), r.since,
            f"/intake/{r.id}/", missing=r.missing,
        )
        for r in queries.referral_facts(rows)
    ]


_PENDING = (ReferralState.BENEFITS_PENDING.value, ReferralState.AUTH_PENDING.value)


def _for_pharmacist(r: ReferralFact) -> bool:
    """Whether nothing but the pharmacist's acceptance is lacking."""
    f = r.facts
    return f.benefits and not f.missing_clinical and (f.authorized or not f.authorization_needed)


def _authorizations(ask: Ask) -> Waited:
    """Of referrals that are still open, of courses that run, and what a payer still has to answer; each until it ends."""
    open_ones = [state.value for state in ReferralState if REFERRAL.owner(state)]
    renewed = models.Authorization.objects.filter(renews__isnull=False).exclude(state="withdrawn").values("renews")
    rows = models.Authorization.objects.filter(state__in=whose_turn(AUTHORIZATION, ask)).filter(
        Q(referral__state__in=open_ones) | Q(referral__therapy__state__in=("planned", "active", "on_hold"), state__in=_LATER),
    ).exclude(state="expiring", pk__in=renewed)
    late = Q(due_at__lt=now())
    return waited(
        rows.select_related("referral__patient"), ask, kind="Authorization", make=_authorizations_waiting, due="due_at",
        late=late,
    )


_LATER = ("to_submit", "submitted", "info_requested", "peer_to_peer", "denied", "appealed", "upheld", "expiring")


def _authorizations_waiting(rows: list[models.Authorization]) -> list[Waiting]:
    names = patients.patients([r.referral.patient_id for r in rows])
    return [
        Waiting(
            "intake", "Authorization", r.id, ", ".join(r.units) or "codes not named", names[r.referral.patient_id].name,
            shown(s := AuthorizationState(r.state)), AUTHORIZATION.tone(s), AUTHORIZATION.owner(s),
            r.decided_at or r.submitted_at or r.made_at, f"/intake/authorizations/{r.id}/", r.due_at,
        )
        for r in rows
    ]


def on_chart(patient_id: UUID, by: Actor) -> list[ChartRow]:
    """A patient's referrals, for the chart."""
    if not by.may(READ.code):
        return []
    return [
        ChartRow("Referral", r.number, shown(s := ReferralState(r.state)), REFERRAL.tone(s),
                 f"{r.drug_text} from {r.source_name or r.source}", f"/intake/{r.id}/", r.made_at)
        for r in models.Referral.objects.filter(patient_id=patient_id).order_by("-made_at")[:20]
    ]


def find(text: str, by: Actor) -> list[Hit]:
    """Referrals by number, patient or drug."""
    if not by.may(READ.code) or len(text.strip()) < 2:
        return []
    seen = queries.referral_facts(queries.board_rows(text=text, limit=8))
    return [Hit("Referral", f"{r.number}, {r.title}", r.patient.name, f"/intake/{r.id}/") for r in seen]
