# SPDX-License-Identifier: Apache-2.0
"""The logger's readings attached and judged; a pharmacist decides where the package left its range."""
from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.compounding.public import preparation
from openinfusion.delivery.domain.logger import Judged, Reading, Verdict, judge, must_be_sound
from openinfusion.delivery.domain.pack_out import strictest
from openinfusion.delivery.domain.ticket import TicketState
from openinfusion.delivery.events import PackageLeftRange
from openinfusion.delivery.models import DeliveryTicket, LoggerRecord, TicketLine
from openinfusion.delivery.permissions import CHECK, READ_LOGGER
from openinfusion.delivery.queries import lines_of
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform import files
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write

_ON_THE_WAY = frozenset({TicketState.DISPATCHED.value, TicketState.DELIVERED.value, TicketState.FAILED.value,
                         TicketState.RETURNED.value, TicketState.RECONCILED.value})


@action
def attach_readings(
    *, ticket_id: UUID, serial: str, readings: Sequence[Reading], by: Actor, file_name: str = "", data: bytes = b"",
) -> UUID:
    """Attach what the logger measured, as a file or keyed, and judge it: an excursion opens an incident and waits for a

    pharmacist. Once for a delivery; the serial number must be the one that was put in.
    """
    by.must(READ_LOGGER)
    ticket = lock(DeliveryTicket, ticket_id)
    found = serial.strip().upper()
    if ticket.state not in _ON_THE_WAY:
        raise Refused(Reason("not-out",
            f"delivery {ticket.number} is {ticket.state.replace('_', ' ')}; it has not left yet"))
    if not found or (ticket.logger_serial and found != ticket.logger_serial):
        raise Malformed(Fault("Logger", f"the logger in this package is {ticket.logger_serial or 'not recorded'}; "
                              "scan its serial number"))
    if LoggerRecord.objects.filter(ticket=ticket).exists():
        raise Refused(Reason("read-already", "the readings of this delivery are attached already"))
    must_be_sound(readings, now())
    _cover_the_way(ticket, readings)
    lines = lines_of(ticket)
    storage = strictest([row.storage for row in lines]).value
    judged = judge(readings, storage, _drugs(lines, storage))
    file_id = files.store(file_name or "logger.csv", data, "text/csv", by) if data else None
    row = LoggerRecord.objects.create(
        ticket=ticket, serial=found, file_id=file_id, times=[r.at for r in readings], celsius=[r.celsius for r in readings],
        storage=storage, low_c=judged.low_c, high_c=judged.high_c, kinetic_c=judged.kinetic_c, minutes_out=judged.minutes_out,
        verdict=judged.verdict.value, why=list(judged.why),
    )
    _tell(ticket, row, judged, readings, by)
    return row.id


def _cover_the_way(ticket: DeliveryTicket, readings: Sequence[Reading]) -> None:
    """Readings that begin after it left, or end before it was handed over, do not tell what happened on the way."""
    out, there = ticket.dispatched_at, ticket.delivered_at
    if out is not None and readings[0].at > out:
        raise Malformed(Fault("Readings", "they begin after the package had left"))
    if there is not None and readings[-1].at < there:
        raise Malformed(Fault("Readings", "they end before the package was handed over"))


def _drugs(lines: Sequence[TicketLine], storage: str) -> set[str]:
    """The drugs kept so that are in the package: of preparations, and of products that are drugs."""
    kept = [row for row in lines if row.storage == storage]
    made = {preparation(row.preparation_id).drug_code for row in kept if row.preparation_id}
    along = catalog.products([row.product_id for row in kept if row.product_id]).values()
    return made | {p.drug_code for p in along if p.drug_code}


def _tell(ticket: DeliveryTicket, row: LoggerRecord, judged: Judged, readings: Sequence[Reading], by: Actor) -> None:
    write(by, "delivery.logger.attach", row, "{actor} attached {subject}: {verdict}, {low} to {high} °C, {minutes} minutes out",
          patient_id=ticket.patient_id,
          noted={"verdict": judged.verdict.value, "low": judged.low_c, "high": judged.high_c, "minutes": judged.minutes_out})
    news = []
    if judged.verdict is Verdict.EXCURSION:
        news = [PackageLeftRange(
            record_id=row.id, ticket_id=ticket.id, number=ticket.number, site_id=ticket.site_id, began_at=readings[0].at,
            ended_at=readings[-1].at, text="; ".join(judged.why), patient_id=ticket.patient_id,
        )]
    revise(ticket, "delivery.ticket.judged", "The logger of {subject} says {verdict}", by=by, news=news,
           noted={"verdict": judged.verdict.value, "why": list(judged.why)}, logger_serial=row.serial,
           logger_verdict=judged.verdict.value)


@action
def decide_excursion(*, record_id: UUID, usable: bool, reason: str, by: Actor, version: int | None = None) -> UUID:
    """A pharmacist decides, with a reason and a signature, whether what left its range may be used. The delivery's id."""
    by.must(CHECK)
    row = lock(LoggerRecord, record_id, version)
    ticket = lock(DeliveryTicket, row.ticket_id)
    if row.verdict != Verdict.EXCURSION.value:
        raise Refused(Reason("nothing-to-decide", "it did not leave its range"))
    if row.usable is not None:
        raise Refused(Reason("decided", f"{row.decider_name} has decided: {'usable' if row.usable else 'not usable'}"))
    if not by.signed:
        raise Refused(Reason("not-signed", "this needs your signature", "enter your password"))
    if len(reason.strip()) < 5:
        raise Malformed(Fault("Reason", "say on what the decision rests: the manufacturer's word, a study, the label"))
    word = "usable" if usable else "unusable"
    revise(row, "delivery.logger.decide", "{actor} decided about {subject}: {word}", by=by, reason=reason,
           noted={"word": word}, patient_id=ticket.patient_id, usable=usable, decision=reason.strip(), decided_by=by.id,
           decider_name=by.name, decided_at=now())
    revise(ticket, "delivery.ticket.decided", "{actor} decided that what was in {subject} is {word}", by=by, reason=reason,
           noted={"word": word}, logger_verdict=word)
    return ticket.id
