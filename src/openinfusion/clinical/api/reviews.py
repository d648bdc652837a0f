# SPDX-License-Identifier: Apache-2.0
"""Verification as JSON: the queue, findings, answers and verification."""
from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.clinical import permissions
from openinfusion.clinical.actions.interactions import load_interactions, withdraw_interactions
from openinfusion.clinical.actions.observations import advance_observation, enter_observation
from openinfusion.clinical.actions.review import answer_finding, clarify, enter_answer, open_review, reopen, verify
from openinfusion.clinical.domain.compatibility import Mixed, Mode, Observation, Outcome
from openinfusion.clinical.domain.finding import Finding
from openinfusion.clinical.domain.interaction import starting_set
from openinfusion.clinical.domain.interaction_file import check_pairs
from openinfusion.clinical.public import findings_for, reasons_for, review_id_of, reviews_waiting, unanswered_for, verified
from openinfusion.clinical.queries import observation_facts, set_facts
from openinfusion.kernel.quantity import Quantity, unit
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.api import Amount, Whole, router_for

router = router_for("clinical")


class WaitingOut(Schema):
    review_id: UUID
    patient: str
    title: str
    state: str
    due_at: datetime | None


class FindingOut(Schema):
    fingerprint: str
    rule: str
    code: str
    tier: str
    title: str
    text: str
    what_to_do: str
    source: str
    answered: bool
    reasons: list[str]  # the codes it may be answered with; none where it needs no answer or admits none


class ReviewOut(Schema):
    review_id: UUID
    prescription_id: UUID
    verified: bool
    findings: list[FindingOut]


class AnswerIn(Schema):
    fingerprint: str
    reason_code: str
    note: str = ""


class StepIn(Schema):
    reason: str = ""
    version: Whole | None = None


class Made(Schema):
    id: UUID


def _finding(f: Finding, open_prints: set[str]) -> FindingOut:
    return FindingOut(
        fingerprint=f.fingerprint, rule=f.rule, code=f.code, tier=f.tier.value, title=f.title, text=f.text,
        what_to_do=f.do, source=str(f.source or ""), answered=f.tier.needs_answer and f.fingerprint not in open_prints,
        reasons=[r.code for r in reasons_for(f)] if f.tier.needs_answer else [],
    )


@router.get("/queue", response=list[WaitingOut])
def queue(request: HttpRequest) -> list[WaitingOut]:
    """The verification queue, the most urgent first."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    return [
        WaitingOut(review_id=w.id, patient=w.patient, title=w.title, state=w.state, due_at=w.due_at)
        for w in reviews_waiting(request.actor).rows  # type: ignore[attr-defined]
    ]


@router.get("/prescriptions/{prescription_id}/review", response=ReviewOut)
def review(request: HttpRequest, prescription_id: UUID) -> ReviewOut:
    """The review of a prescription version with its findings as they are now."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    open_prints = {f.fingerprint for f in unanswered_for(prescription_id)}
    return ReviewOut(
        review_id=review_id_of(prescription_id), prescription_id=prescription_id, verified=verified(prescription_id),
        findings=[_finding(f, open_prints) for f in findings_for(prescription_id)],
    )


@router.post("/prescriptions/{prescription_id}/review", response=Made)
def review_open(request: HttpRequest, prescription_id: UUID) -> Made:
    """Open the review, or say which one is open."""
    return Made(id=open_review(prescription_id=prescription_id, by=request.actor))  # type: ignore[attr-defined]


@router.post("/reviews/{review_id}/answers", response=Made)
def answer(request: HttpRequest, review_id: UUID, given: AnswerIn) -> Made:
    """Answer a finding with a coded reason."""
    return Made(id=answer_finding(
        review_id=review_id, fingerprint=given.fingerprint, reason_code=given.reason_code, note=given.note,
        by=request.actor,  # type: ignore[attr-defined]
    ))


@router.post("/reviews/{review_id}/verify", response=Made)
def review_verify(request: HttpRequest, review_id: UUID, step: StepIn) -> Made:
    """Verify and sign (header X-Signature)."""
    return Made(id=verify(review_id=review_id, version=step.version, by=request.actor))  # type: ignore[attr-defined]


@router.post("/reviews/{review_id}/clarify", response=Made)
def review_clarify(request: HttpRequest, review_id: UUID, step: StepIn) -> Made:
    """Ask the prescriber."""
    return Made(id=clarify(review_id=review_id, reason=step.reason, version=step.version,
                           by=request.actor))  # type: ignore[attr-defined]


@router.post("/reviews/{review_id}/answer", response=Made)
def review_answer(request: HttpRequest, review_id: UUID, step: StepIn) -> Made:
    """Enter the prescriber's answer."""
    return Made(id=enter_answer(review_id=review_id, reason=step.reason, version=step.version,
                                by=request.actor))  # type: ignore[attr-defined]


@router.post("/reviews/{review_id}/reopen", response=Made)
def review_reopen(request: HttpRequest, review_id: UUID, step: StepIn) -> Made:
    """Send a verified order back to the queue."""
    return Made(id=reopen(review_id=review_id, reason=step.reason, version=step.version,
                          by=request.actor))  # type: ignore[attr-defined]


class PairSchema(Schema):
    """One row of an interaction set: two ingredients or classes, the tier, what happens and what to do."""

    left: str
    right: str
    tier: str
    effect: str
    do: str = ""


class SetIn(Schema):
    name: str
    version: str
    licence: str
    rows: list[PairSchema]


class SetOut(Schema):
    id: UUID | None  # none for the starting set, which ships with the program
    name: str
    version: str
    licence: str
    rows: int
    state: str


class MixedSchema(Schema):
    drug: str  # the catalog's code
    amount: Amount  # in 1 mL
    unit: str = "mg"
    diluent: str = ""


class ObservationIn(Schema):
    one: MixedSchema
    other: MixedSchema
    mode: str = "y_site"
    outcome: str
    phenomenon: str = ""
    ratio: str = "1:1"
    hours: Whole = 4
    celsius: Whole = 23
    citation: str


class ObservationOut(Schema):
    id: UUID
    state: str
    one: str
    other: str
    outcome: str
    citation: str
    entered_by: str
    signed_by: str


@router.get("/interaction-sets", response=list[SetOut])
def interaction_sets(request: HttpRequest) -> list[SetOut]:
    """The starting set and every set that was loaded."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    own = starting_set()
    return [
        SetOut(id=None, name=own.name, version=own.version, licence=own.licence, rows=own.rows, state="in_force"),
        *(SetOut(id=f.id, name=f.name, version=f.edition, licence=f.licence, rows=f.rows, state=f.state) for f in set_facts()),
    ]


@router.post("/interaction-sets", response=Made)
def interaction_set_load(request: HttpRequest, given: SetIn) -> Made:
    """Load a set from a source you license; it replaces the one of the same name."""
    pairs = check_pairs(row.dict() for row in given.rows)
    return Made(id=load_interactions(
        name=given.name, edition=given.version, licence=given.licence, pairs=pairs, by=request.actor,  # type: ignore[attr-defined]
    ))


@router.post("/interaction-sets/{set_id}/withdraw", response=Made)
def interaction_set_withdraw(request: HttpRequest, set_id: UUID, step: StepIn) -> Made:
    """The set no longer speaks."""
    return Made(id=withdraw_interactions(set_id=set_id, reason=step.reason, version=step.version,
                                         by=request.actor))  # type: ignore[attr-defined]


@router.get("/compatibility-observations", response=list[ObservationOut])
def compatibility_observations(request: HttpRequest, state: str = "") -> list[ObservationOut]:
    """Observations, the newest first."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    return [
        ObservationOut(
            id=f.id, state=f.state, one=f"{f.seen.one.drug} {f.seen.one.per_ml}/mL {f.seen.one.diluent}".strip(),
            other=f"{f.seen.other.drug} {f.seen.other.per_ml}/mL {f.seen.other.diluent}".strip(), outcome=f.seen.outcome.value,
            citation=f.seen.citation, entered_by=f.enterer_name, signed_by=f.signer_name,
        )
        for f in observation_facts(state)
    ]


@router.post("/compatibility-observations", response=Made)
def compatibility_observation_enter(request: HttpRequest, given: ObservationIn) -> Made:
    """Enter what a publication says; it counts once a second person has signed it."""
    sides = [Mixed(s.drug, Quantity(s.amount, unit(s.unit)), s.diluent) for s in (given.one, given.other)]
    try:
        mode, outcome = Mode(given.mode), Outcome(given.outcome)
    except ValueError as no:
        raise Malformed(Fault("outcome", str(no))) from None
    seen = Observation(
        one=sides[0], other=sides[1], mode=mode, outcome=outcome, phenomenon=given.phenomenon,
        ratio=given.ratio, hours=given.hours, celsius=given.celsius, citation=given.citation,
    )
    return Made(id=enter_observation(seen=seen, by=request.actor))  # type: ignore[attr-defined]


@router.post("/compatibility-observations/{observation_id}/{step}", response=Made)
def compatibility_observation_step(request: HttpRequest, observation_id: UUID, step: str, said: StepIn) -> Made:
    """Sign (header X-Signature) or withdraw."""
    return Made(id=advance_observation(observation_id=observation_id, step=step, reason=said.reason, version=said.version,
                                       by=request.actor))  # type: ignore[attr-defined]
