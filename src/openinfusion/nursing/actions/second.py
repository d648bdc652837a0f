# SPDX-License-Identifier: Apache-2.0
"""The second nurse of a visit: asked for, offered, accepted, taken back, signed to have been there; and going on with one."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from openinfusion.kernel.news import News
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.nursing.adapters import take_turns
from openinfusion.nursing.domain.second_nurse import BY_CODE, SecondState, SecondWhy, why_two
from openinfusion.nursing.events import EntryQuestioned
from openinfusion.nursing.models import NurseVisit, SecondNurse
from openinfusion.nursing.permissions import REQUEST
from openinfusion.nursing.queries import BEGUN
from openinfusion.nursing.queries.second import second_row
from openinfusion.nursing.queries.suite_second import second_facts
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write
from openinfusion.team.public import person

BUSY = Reason("nurse-busy", "the nurse already has a visit at that time", "choose another time or nurse")
_OPEN = ("requested", "refused", "offered", "accepted", "confirmed")
_NOBODY: dict[str, Any] = {"nurse": None, "nurse_name": "", "signed_at": None}


@action
def ask_for_second(*, visit_id: UUID, why: str, by: Actor, note: str = "") -> UUID:
    """Say that a visit needs two nurses, and why. The id of the visit."""
    by.must(REQUEST)
    visit = lock(NurseVisit, visit_id)
    if visit.state not in _OPEN:
        text = f"the visit is {visit.state.replace('_', ' ')}; who makes it is settled"
        raise Refused(Reason("visit-underway", text, "ask for another visit"))
    if second_row(visit) is not None:
        raise Refused(Reason("asked-already", "this visit needs two nurses already"))
    wants_second(visit, why, note, by)
    return visit.id


def wants_second(visit: NurseVisit, why: str, note: str, by: Actor) -> SecondNurse:
    """The second place of a visit, opened."""
    if why not in set(SecondWhy):
        raise Malformed(Fault("why", f"one of {', '.join(SecondWhy)}"))
    row = SecondNurse.objects.create(
        visit=visit, patient_id=visit.patient_id, why=why, note=note.strip()[:300], asker_name=by.name,
    )
    words = why_two(why, house_today()).title.lower() + (f", {row.note}" if row.note else "")
    write(by, "nursing.second_nurse.ask", row, "{actor} asked for {subject}: {why}.", noted={"why": words})
    return row


@action
def offer_second(*, visit_id: UUID, nurse_id: UUID, by: Actor, version: int | None = None) -> UUID:
    """Offer the second place to a nurse at the visit's time; Refused with what would speak against her as the first."""
    take_turns([f"nurse:{nurse_id}"])  # before any row is locked, as whoever books her for a chair does
    visit = lock(NurseVisit, visit_id)
    row, nurse = _locked(visit, version), person(nurse_id)
    row.nurse, row.nurse_name = nurse.id, nurse.name
    with one_place_at_a_time():
        advance(row, "offer", second_facts(visit, row, by), by=by, noted={"nurse": nurse.name}, nurse=nurse.id,
                nurse_name=nurse.name)
    return visit.id


@action
def advance_second(*, visit_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None) -> UUID:
    """Take one step of a second place. An offer goes through ``offer_second``, which names the nurse."""
    if step == "offer":
        raise Refused(Reason("offer-names-a-nurse", "an offer names a nurse"))
    if step in BY_CODE:
        raise Refused(Reason("follows-its-appointment", "the second place follows its appointment by itself", "take it back"))
    if step == "accept":
        take_turns([f"nurse:{by.id}"])
    visit = lock(NurseVisit, visit_id)
    row = _locked(visit, version)
    facts = second_facts(visit, row, by)
    changes: dict[str, Any] = {"attend": {"signed_at": now()}, "free": _NOBODY, "alone": _NOBODY}.get(step, {})
    noted = {"nurse": row.nurse_name or "nobody"}
    advance(row, step, facts, by=by, reason=reason, noted=noted, news=_told(visit, row, step, reason), **changes)
    return visit.id


def _told(visit: NurseVisit, row: SecondNurse, step: str, reason: str) -> Sequence[News]:
    """That one nurse went on alone where the row lets nobody is looked into, as anything else that was done against a stop."""
    if step != "alone" or visit.state not in BEGUN or why_two(row.why, house_today()).one_may:
        return ()
    words = why_two(row.why, house_today()).title.lower()
    return [EntryQuestioned(
        visit_id=visit.id, therapy_id=visit.therapy_id, patient_id=visit.patient_id, site_id=visit.site_id, at=now(),
        text=f"visit {visit.number} needs two nurses ({words}) and went on with one: {reason.strip()}"[:800],
    )]


def _locked(visit: NurseVisit, version: int | None = None) -> SecondNurse:
    there = second_row(visit)
    if there is None:
        raise Refused(Reason("one-nurse", "one nurse makes this visit", "ask for a second one first"))
    row = lock(SecondNurse, there.id, version)
    row.visit = visit
    return row


def free_second(visit: NurseVisit, reason: str, by: Actor, step: str = "free") -> None:
    """Take the second place back, where anybody holds it or was let off; the visit goes to another time or day."""
    row = second_row(visit)
    if row is None or row.state == SecondState.WANTED.value:
        return
    row = _locked(visit)
    noted = {"nurse": row.nurse_name or "nobody"}
    advance(row, step, second_facts(visit, row, by), by=by, reason=reason, noted=noted, **_NOBODY)


def follow(visit: NurseVisit, reason: str, by: Actor) -> None:
    """The second place goes with its appointment: whoever moves or ends that one takes it back, whoever may offer visits."""
    free_second(visit, reason, by, step="follow")


@contextmanager
def one_place_at_a_time() -> Iterator[None]:
    """A savepoint in which the database's word that a nurse is elsewhere becomes a refusal."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as no:
        if "visit_one_place_at_a_time" in str(no):
            raise Refused(BUSY) from no
        raise
