# SPDX-License-Identifier: Apache-2.0
"""What the templates of the clinical room receive."""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse

from openinfusion.catalog import public as catalog
from openinfusion.clinical.domain.answer import Answer, unanswered
from openinfusion.clinical.domain.break_glass import Passable, passable
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.clinical.domain.review import REVIEW, ReviewState
from openinfusion.clinical.models import Review
from openinfusion.clinical.queries import AnswerFact, PassFact, answers_of, findings_of, passes_where, review_facts
from openinfusion.clinical.queries.monitoring import zone_of
from openinfusion.clinical.web.forms import AnswerForm, StepForm, answer_form, pass_form
from openinfusion.clinical.web.nutrition_view import Shown, shown
from openinfusion.kernel.quantity import MG, G, rounded, shown_number
from openinfusion.patients import public as patients
from openinfusion.patients.public import Banner, LabFact
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.therapy import public as therapy

_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class QueueRow:
    id: UUID
    patient: str
    title: str
    kind: str
    state: str
    tone: str
    due_at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    rows: tuple[QueueRow, ...]
    counts: tuple[tuple[str, int], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding with its answer, or the form that asks for one."""

    finding: Finding
    css: str
    answer: AnswerFact | None
    form: AnswerForm | None
    passing: PassFact | None  # of a hard stop: asked for or in force
    passable: Passable | None  # of a hard stop that may be passed in an emergency
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    id: UUID
    version: int
    state: str
    tone: str
    banner: Banner
    order: therapy.PrescriptionFact
    course: therapy.TherapyFact
    changes: tuple[therapy.FieldDifference, ...]
    changed: int
    figures: tuple[tuple[str, str], ...]
    labs: tuple[LabFact, ...]
    open_findings: tuple[FindingRow, ...]
    passed: tuple[Finding, ...]
    hard: int
    to_answer: int
    acts: tuple[Act, ...]
    next_url: str
    lines: tuple[Line, ...]
    zone: str
    may_answer: bool
    hazard: catalog.Hazard | None
    nutrition: Shown | None  # of an order of parenteral nutrition


def queue_page(chosen: str) -> QueuePage:
    """Reviews that wait, the most urgent first; or those in a chosen state."""
    counts = Counter(Review.objects.values_list("state", flat=True))
    states = [chosen] if chosen in set(ReviewState) else ["waiting", "clarification"]
    rows = list(Review.objects.filter(state__in=states).order_by("due_at")[:200])
    names = patients.patients([r.patient_id for r in rows])
    at = now()
    return QueuePage(
        tuple(
            QueueRow(r.id, names[r.patient_id].name, r.title, "change" if r.is_change else "new", r.state,
                     REVIEW.tone(ReviewState(r.state)), r.due_at, r.due_at < at and r.state == "waiting")
            for r in rows
        ),
        tuple((s.value, counts[s.value]) for s in ReviewState), chosen,
    )


def review_page(review_id: UUID, by: Actor) -> ReviewPage:
    """Order, patient, line, labs and findings side by side. The findings are made now, not remembered."""
    row = fetch(Review, review_id)
    order = therapy.prescription(row.prescription_id)
    findings, answers = findings_of(row.prescription_id), answers_of(row.id)
    waiting = unanswered(findings, [Answer(a.fingerprint, a.reason_code) for a in answers])
    banner = patients.banner(row.patient_id)
    changes = therapy.changes_of(row.prescription_id)
    state = ReviewState(row.state)
    may_answer = by.may("clinical.finding.answer") and state is ReviewState.WAITING
    by_print = {a.fingerprint: a for a in answers}
    passing = {p.fingerprint: p for p in passes_where(review_id=row.id) if p.open}
    return ReviewPage(
        row.id, row.version, row.state, REVIEW.tone(state), banner, order, therapy.therapy(order.therapy_id), changes,
        sum(c.changed for c in changes), _figures(order, banner), _newest(patients.labs(row.patient_id)),
        tuple(
            _finding_row(f, by_print.get(f.fingerprint), may_answer, passing.get(f.fingerprint), _pass_acts(f, row, order, by))
            for f in findings if f.tier is not Tier.PASSED
        ),
        tuple(f for f in findings if f.tier is Tier.PASSED),
        sum(f.tier is Tier.HARD for f in findings), len(waiting),
        acts_of(REVIEW, state, review_facts(row, by.id, findings), by, leave_out=frozenset({"withdraw"}),
                url_for=lambda step: reverse("clinical:review_step", args=[row.id, step]),
                forms={s: StepForm(initial={"version": row.version}, auto_id=f"{s}-%s") for s in ("verify",)}),
        _next_url(row), tuple(timeline(subject_id=row.id, limit=20)), zone_of(row.patient_id), may_answer,
        catalog.hazard(order.order.drug_code), _nutrition(order),
    )


def zone_of_review(review_id: UUID) -> ZoneInfo:
    """The clock that the hours of its forms are told by: where the patient lives."""
    return ZoneInfo(zone_of(fetch(Review, review_id).patient_id))


def _nutrition(order: therapy.PrescriptionFact) -> Shown | None:
    """The same review as at the workbench, with the difference from the version before."""
    if order.order.nutrition is None:
        return None
    before = therapy.prescription(order.previous_id).order.nutrition if order.previous_id else None
    return shown(order.order.nutrition, order.therapy_id, before)


def _pass_acts(finding: Finding, row: Review, order: therapy.PrescriptionFact, by: Actor) -> tuple[Act, ...]:
    """The button that asks for an emergency pass, on a hard stop that may be passed."""
    waits = row.state == ReviewState.WAITING.value and by.may("clinical.break_glass.pass")
    if not waits or finding.tier is not Tier.HARD or finding.code not in passable():
        return ()
    form = pass_form(finding, order.order.prescriber_name, now().astimezone(ZoneInfo(zone_of(row.patient_id))))
    url = reverse("clinical:pass_propose", args=[row.id])
    return (Act(f"pass-{finding.fingerprint[:10]}", "Pass in an emergency", url, "crit", sign="asked for an emergency pass",
                form=form),)


def _finding_row(
    finding: Finding, answer: AnswerFact | None, may_answer: bool, passing: PassFact | None, acts: tuple[Act, ...],
) -> FindingRow:
    css = {"hard": "hard", "soft": "soft", "cannot_judge": "soft", "info": "info"}[finding.tier.value]
    asks = finding.tier.needs_answer and answer is None and may_answer
    stop = passable().get(finding.code) if finding.tier is Tier.HARD else None
    return FindingRow(finding, css, answer, answer_form(finding) if asks else None, passing, stop, () if passing else acts)


def _legible(value: Decimal) -> Decimal:
    """To a tenth, or to three digits where it is small: 0.0226 mg/kg is not 0."""
    return rounded(value, min(_TENTH, Decimal(1).scaleb(value.adjusted() - 2)))


def _figures(order: therapy.PrescriptionFact, banner: Banner) -> tuple[tuple[str, str], ...]:
    """What the pharmacist would work out by hand."""
    o, found = order.order, []
    if banner.weight_kg:
        dose = o.dose.to(MG) if o.dose.unit == G else o.dose  # 2 g are 28 mg/kg, not 0 g/kg
        per_kg = shown_number(_legible(dose.amount / banner.weight_kg))
        found.append(("Dose by weight", f"{per_kg} {dose.unit}/kg"))
    found.append(("Daily dose", str(o.dose * o.doses_per_day)))
    if o.osmolarity_mosm_per_l is not None:
        found.append(("Osmolarity", f"{shown_number(Decimal(o.osmolarity_mosm_per_l))} mOsm/L"))
    return tuple(found)


def _newest(labs: list[LabFact]) -> tuple[LabFact, ...]:
    """The newest value of each laboratory test."""
    found: dict[str, LabFact] = {}
    for lab in labs:
        found.setdefault(lab.loinc, lab)
    return tuple(found.values())[:12]


def _next_url(row: Review) -> str:
    following = Review.objects.filter(state="waiting").exclude(pk=row.pk).order_by("due_at").first()
    return reverse("clinical:review", args=[following.id]) if following else ""
