# SPDX-License-Identifier: Apache-2.0
"""The checks run again: what is new is kept, what is gone is cleared, and a verified order goes back where it must."""

from __future__ import annotations

from uuid import UUID

from openinfusion.clinical import permissions
from openinfusion.clinical.actions.review import send_back
from openinfusion.clinical.domain.checks import judge
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.clinical.domain.review import ReviewState
from openinfusion.clinical.models import Firing, Outcome, Review, Trigger
from openinfusion.clinical.queries import Running, facts_of_many, findings_of, open_firings, retired_rules
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.platform.rows import rows_by
from openinfusion.therapy import public as therapy

BATCH = 500
ACTED_ENDINGS = frozenset({"changed", "discontinued"})


@action
def run_checks(*, prescription_id: UUID, trigger: Trigger, by: Actor) -> int:
    """Run every check on an order and keep what changed; how many findings are new.

    A verified order goes back to the pharmacist when a finding that asks for somebody is new.
    """
    by.must(permissions.WATCH)
    found = rows_by(Review, "prescription_id", prescription_id, locked=True)
    subject = found[0] if found else Review(prescription_id=prescription_id)
    findings = {f.fingerprint: f for f in findings_of(prescription_id) if f.tier is not Tier.PASSED}
    standing = open_firings([prescription_id]).get(prescription_id, {})
    gone = [id for print_, id in standing.items() if print_ not in findings]
    new = [f for print_, f in findings.items() if print_ not in standing]
    _clear(gone, frozenset(f.code for f in findings.values()) | retired_rules())
    patient_id = subject.patient_id if found else therapy.prescription(prescription_id).patient_id
    _keep(new, prescription_id, patient_id, trigger)
    write(
        by,
        "clinical.checks.run",
        subject,
        _sentence(len(new), len(gone)),
        patient_id=patient_id,
        noted={"trigger": trigger.value.replace("_", " "), "new": [f.title for f in new], "gone": len(gone)},
    )
    asks = [f for f in new if f.sends_back and (f.tier is Tier.HARD or f.tier.needs_answer)]
    if asks and found and subject.state == ReviewState.VERIFIED.value and trigger is not Trigger.VERIFICATION:
        send_back(subject, "; ".join(f.title for f in asks), by)
    return len(new)


def _sentence(new: int, gone: int) -> str:
    if not new and not gone:
        return "The checks ran again ({trigger}): nothing has changed"
    return f"The checks ran again ({{trigger}}): {new} new, {gone} gone"


def _keep(findings: list[Finding], prescription_id: UUID, patient_id: UUID, trigger: Trigger) -> None:
    Firing.objects.bulk_create(
        Firing(
            prescription_id=prescription_id,
            patient_id=patient_id,
            rule=f.rule,
            code=f.code,
            tier=f.tier.value,
            title=f.title,
            text=f.text,
            evidence=list(f.evidence),
            fingerprint=f.fingerprint,
            trigger=trigger.value,
        )
        for f in findings
    )


def _clear(ids: list[UUID], undecided: frozenset[str] = frozenset()) -> None:
    """What no longer stands: overridden if somebody had answered it, else something was done about it.

    Of the ``undecided`` codes neither is true: the rule fires on other facts now, or it was silenced.
    """
    for row in Firing.objects.select_for_update(of=("self",)).filter(pk__in=ids):
        row.cleared_at = now()
        if row.outcome == Outcome.OPEN.value and row.code not in undecided:
            row.outcome = Outcome.ACTED.value
        row.save(update_fields=["cleared_at", "outcome"])


@action
def end_firings(*, prescription_id: UUID, ending: str, by: Actor) -> int:
    """The order ended: what still stood against it is settled; how many that were.

    Something was done about it only where the order was changed or discontinued, not where it ran its course.
    """
    by.must(permissions.WATCH)
    ids = list(open_firings([prescription_id]).get(prescription_id, {}).values())
    codes = Firing.objects.filter(pk__in=ids).values_list("code", flat=True)
    _clear(ids, frozenset() if ending in ACTED_ENDINGS else frozenset(codes))
    order = therapy.prescription(prescription_id)
    write(
        by,
        "clinical.checks.end",
        Review(prescription_id=prescription_id),
        "The checks of {order} ended with it",
        patient_id=order.patient_id,
        noted={"order": order.number, "settled": len(ids)},
    )
    return len(ids)


def changed(orders: list[therapy.PrescriptionFact], running: Running | None = None) -> list[UUID]:
    """Of these orders, those whose findings are not what they were: read and judged together, nothing is written.

    ``running``: every open order of their patients, where it was read already.
    """
    facts, retired = facts_of_many(orders, running), retired_rules()
    standing = open_firings([o.id for o in orders])
    found = []
    for order in orders:
        now_found = {f.fingerprint for f in judge(facts[order.id], retired) if f.tier is not Tier.PASSED}
        if now_found != standing.get(order.id, {}).keys():
            found.append(order.id)
    return found
