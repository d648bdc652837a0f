# SPDX-License-Identifier: Apache-2.0
"""Scheduled work of exchange: the outbox is emptied, and what came in is taken in."""
from __future__ import annotations

import structlog

from openinfusion.exchange.actions.inbox import receive_file
from openinfusion.exchange.actions.standing import ask_standing
from openinfusion.exchange.actions.transmit import advance_transmission
from openinfusion.exchange.adapters.simulated import Simulated
from openinfusion.exchange.adapters.structure import judged
from openinfusion.exchange.adapters.transport import Transport, Uncertain, transport_for
from openinfusion.exchange.domain.simulated.clearing_house import House
from openinfusion.exchange.models import Transmission
from openinfusion.kernel.refusal import Malformed, Refused, Unavailable
from openinfusion.platform.actor import Actor
from openinfusion.platform.environment import environment
from openinfusion.platform.files import open_file
from openinfusion.platform.jobs import every

X12_KINDS = frozenset({"837P", "837I", "270", "276", "278", "999"})
PAPER = "CMS1500"
log = structlog.get_logger(__name__)


@every("*/2 * * * *", "exchange.empty_outbox")
def empty_outbox(*, by: Actor) -> int:
    """Judge what is queued and send what is judged, each file the way of its receiver; how many were sent."""
    for row in Transmission.objects.filter(state="queued").exclude(kind=PAPER).order_by("made_at"):  # a person mails paper
        _judge(row, by)
    sent = 0
    for row in Transmission.objects.filter(state__in=["checked", "sending"]).order_by("made_at"):
        way = way_to(row.receiver)
        sent += _send(row, way, by) if way is not None else 0
    return sent


@every("*/15 * * * *", "exchange.empty_inbox")
def empty_inbox(*, by: Actor) -> int:
    """Take in every file that lies with any clearing house; how many. What is no X12 stays."""
    done = 0
    for way in (clearing_house(), *(way_to(receiver) for receiver in environment().clearing_houses)):
        try:
            names = way.incoming() if way is not None else []
        except Unavailable as no:  # the others are asked all the same
            log.warning("clearing_house_unavailable", why=str(no))
            continue
        for name in names:
            if way is not None and _take_in(name, way, by):
                way.done(name)
                done += 1
    return done


@every("30 6 * * *", "exchange.ask_where_claims_stand")
def ask_where_claims_stand(*, by: Actor) -> int:
    """Ask about claims that no payer has answered in two weeks; how many files."""
    try:
        return len(ask_standing(by=by))
    except Refused:  # nothing waits that long
        return 0


def clearing_house() -> Transport | None:
    """The way that this installation is set to; on a demonstration, a payer that answers by itself."""
    e = environment()
    if e.simulated_payer and not e.clearing_house:
        return Simulated(e.data / "simulated", House())
    return transport_for(e.clearing_house, e.clearing_house_key, e.clearing_house_known_hosts)


def way_to(receiver: str) -> Transport | None:
    """The way to a receiver: its own where the settings name one, else the general one."""
    e = environment()
    address = e.clearing_houses.get(receiver, "")
    return transport_for(address, e.clearing_house_key, e.clearing_house_known_hosts) if address else clearing_house()


def _judge(row: Transmission, by: Actor) -> None:
    if row.kind not in X12_KINDS:  # a pharmacy claim has no segments; its writer has checked it
        _step(row, "check", "", by)
        return
    verdict = judged(open_file(row.file_id).data.decode("ascii"))
    step = "fault" if verdict.accepted is False else "check"
    _step(row, step, "\n".join(verdict.faults), by)


def _step(row: Transmission, step: str, report: str, by: Actor) -> None:
    try:
        advance_transmission(transmission_id=row.id, step=step, report=report, by=by)
    except Refused:  # another run was faster, or a person uploaded it
        return


def _send(row: Transmission, way: Transport, by: Actor) -> int:
    """Send one file, or find out what became of it: 1 where it is there now."""
    data = open_file(row.file_id).data
    if row.state == "sending":  # an earlier run did not come to its end
        step = "send" if way.holds(row.name, data) else "doubt"
        advance_transmission(transmission_id=row.id, step=step, by=by)
        return 1 if step == "send" else 0
    try:
        advance_transmission(transmission_id=row.id, step="begin", by=by)
    except Refused:  # another run has it
        return 0
    try:
        way.put(row.name, data)
    except Unavailable as no:
        log.warning("clearing_house_unavailable", file=row.name, why=str(no))
        advance_transmission(transmission_id=row.id, step="postpone", report=str(no), by=by)
        return 0
    except Uncertain as no:  # it stays "sending"; the next run looks whether it is there
        log.warning("clearing_house_uncertain", file=row.name, why=str(no))
        return 0
    advance_transmission(transmission_id=row.id, step="send", by=by)
    return 1


def _take_in(name: str, way: Transport, by: Actor) -> bool:
    """What is X12 is kept here and need not lie there any more, whatever became of it; what is none stays."""
    try:
        receive_file(name=name, data=way.take(name), by=by)
    except (Malformed, Refused) as no:
        log.warning("inbound_file_left", file=name, why=str(no))
        return False
    return True
