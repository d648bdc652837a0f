# SPDX-License-Identifier: Apache-2.0
"""Stays elsewhere: entered, ended; the days they hold leave the ledger and the claims that are here."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from openinfusion.billing.actions.charges import check_and_move
from openinfusion.billing.actions.day_lines import drop_days
from openinfusion.billing.actions.recount import recount_days
from openinfusion.billing.domain.claim import UNSENT
from openinfusion.billing.domain.day_ledger import Away
from openinfusion.billing.models import Claim, PerDiemDay, Stay, StayKind
from openinfusion.billing.permissions import WORK
from openinfusion.billing.queries.days import stays_of
from openinfusion.billing.queries.terms import terms_of
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.patients.public import patient
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.journal import write
from openinfusion.therapy.public import therapy


@action
def enter_stay(
    *,
    patient_id: UUID,
    kind: str,
    admitted_on: date,
    by: Actor,
    returned_on: date | None = None,
    note: str = "",
) -> UUID:
    """The patient is or was elsewhere. The day of admission is out, the day of return is in."""
    by.must(WORK)
    faults = []
    if kind not in set(StayKind):
        faults.append(Fault("kind", f"it is one of {', '.join(StayKind)}"))
    if returned_on is not None and returned_on <= admitted_on:
        faults.append(Fault("returned_on", "the return is after the admission"))
    new = Away(kind, admitted_on, returned_on)
    if any(
        new.holds(s.admitted_on) or Away(s.kind, s.admitted_on, s.returned_on).holds(admitted_on) for s in stays_of(patient_id)
    ):
        faults.append(Fault("admitted_on", "another stay is entered for that day; end it first"))
    if faults:
        raise Malformed(*faults)
    patient(patient_id)
    row = Stay.objects.create(
        patient_id=patient_id,
        kind=kind,
        admitted_on=admitted_on,
        returned_on=returned_on,
        note=note.strip()[:500],
        entered_by=by.id,
        entered_name=by.name,
    )
    dropped = _apply(patient_id, new, by)
    write(
        by,
        "billing.stay.enter",
        row,
        "{actor} entered {subject} elsewhere ({kind}); {days} billed days fell out.",
        patient_id=patient_id,
        noted={"kind": kind, "days": dropped},
    )
    return row.id


@action
def end_stay(*, stay_id: UUID, returned_on: date, by: Actor) -> UUID:
    """The patient is back: from that day on the therapy is billed again, as far as deliveries cover it."""
    by.must(WORK)
    row = lock(Stay, stay_id)
    if row.returned_on is not None:
        raise Refused(Reason("ended", "the return is entered already"))
    if returned_on <= row.admitted_on:
        raise Malformed(Fault("returned_on", "the return is after the admission"))
    revise(
        row,
        "billing.stay.end",
        "{actor} entered the return from {subject} on {day}.",
        by=by,
        noted={"day": returned_on},
        patient_id=row.patient_id,
        returned_on=returned_on,
    )
    for claim in _here(row.patient_id):
        recount_days(claim, by)
        check_and_move(claim, by)
    return row.id


def _here(patient_id: UUID) -> list[Claim]:
    """The patient's claims that have not left, locked in one order."""
    rows = Claim.objects.select_for_update(of=("self",)).filter(patient_id=patient_id, state__in=[s.value for s in UNSENT])
    return list(rows.order_by("pk"))


def _apply(patient_id: UUID, stay: Away, by: Actor) -> int:
    """Take the stay's days off the claims that are here; what has been sent is told on the list of unbilled work."""
    found = 0
    for claim in _here(patient_id):
        terms = terms_of(therapy(claim.therapy_id), claim.first_on or stay.admitted_on, claim.rank)
        if terms.contract is None or stay.kind not in terms.contract.hold_on:
            continue
        rows = PerDiemDay.objects.select_related("line", "line__claim").filter(line__claim=claim, day__gte=stay.admitted_on)
        held = [r for r in rows.order_by("day") if stay.holds(r.day)]
        if held:
            found += drop_days(held)
            claim.refresh_from_db()
            check_and_move(claim, by)
    return found
