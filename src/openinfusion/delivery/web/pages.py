# SPDX-License-Identifier: Apache-2.0
"""What the page of one delivery receives."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from django.urls import reverse

from openinfusion.delivery.actions.door_position import reasons_against_door
from openinfusion.delivery.domain.concern import CONCERN, ConcernFacts
from openinfusion.delivery.domain.custody import Handed, breaks
from openinfusion.delivery.domain.pack_out import Lane, PackOut, Payload, by_code, choices
from openinfusion.delivery.domain.pack_step import pack_steps
from openinfusion.delivery.domain.question import question, questions_for
from openinfusion.delivery.domain.refill_call import flags
from openinfusion.delivery.domain.ticket import TICKET, TicketState
from openinfusion.delivery.models import DeliveryTicket
from openinfusion.delivery.permissions import CALL, CHECK, DRIVE, OPEN, PACK, READ_LOGGER
from openinfusion.delivery.queries import TicketFact, facts_of, lines_of, ticket_fact, tickets_where
from openinfusion.delivery.queries.packing import Door, door_of, services, validations_at
from openinfusion.delivery.queries.refill import (
    AttemptFact,
    CallFact,
    ConcernFact,
    Supply,
    attempts_of,
    concerns_of,
    last_call,
    supplies_of,
)
from openinfusion.delivery.queries.road import LoggerFact, chain_of, logger_of
from openinfusion.delivery.queries.supply import short_on
from openinfusion.delivery.web.forms import AttemptForm, CallForm, DecisionForm, LoggerForm, PackOutForm, ScanForm, TrackingForm
from openinfusion.delivery.web.road_forms import FailForm, HandOverForm, PassOnForm
from openinfusion.kernel.roles import Role
from openinfusion.patients.public import Banner, banner, patients
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.team import public as team
from openinfusion.therapy.public import therapy

_S = TicketState
_CALLED_FOR = frozenset({_S.DRAFT.value, _S.PRE_DELIVERY_ASSESSMENT.value})
_TRAVELLED = frozenset({_S.DISPATCHED.value, _S.DELIVERED.value, _S.FAILED.value, _S.RETURNED.value, _S.RECONCILED.value})


@dataclass(frozen=True, slots=True)
class Concern:
    """A concern and its buttons."""

    fact: ConcernFact
    tone: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the ticket; ``free`` is how many the shelf has, where that is too few."""

    fact: object
    short: bool
    free: int


@dataclass(frozen=True, slots=True)
class TicketPage:
    """One delivery."""

    ticket: TicketFact
    tone: str
    banner: Banner
    therapy: str
    acts: tuple[Act, ...]
    call: CallFact | None
    call_flags: tuple[str, ...]
    said: tuple[tuple[str, str], ...]
    call_form: CallForm | None
    attempt_form: AttemptForm | None
    attempts: tuple[AttemptFact, ...]
    supply: Supply | None
    concerns: tuple[Concern, ...]
    scan_form: ScanForm | None
    pack_out_form: PackOutForm | None
    pack_out: PackOut | None
    validations: tuple[str, ...]
    payload: Payload
    parts: tuple[Part, ...]
    may_split: bool
    left_to_pick: int
    chain: tuple[Handed, ...]
    broken: tuple[str, ...]
    pass_form: PassOnForm | None
    logger: LoggerFact | None
    logger_form: LoggerForm | None
    decision_form: DecisionForm | None
    is_out: bool
    has_proof: bool
    lines: list[Line]
    zone: str
    door_acts: tuple[Act, ...]


def ticket_page(ticket_id: UUID, by: Actor) -> TicketPage:
    row = fetch(DeliveryTicket, ticket_id)
    lines = lines_of(row)
    t, head, course = ticket_fact(row, lines), banner(row.patient_id), therapy(row.therapy_id)
    call, chain, logger = last_call(row.id), chain_of(row.id), logger_of(row.id)
    acts = acts_of(
        TICKET,
        row.state,
        facts_of(row, lines, by, service_id=row.service_id),
        by,
        leave_out=frozenset({"deliver", "give", "begin_call", "call_again"}),
        url_for=lambda step: reverse(
            "delivery:fail" if step == "fail" else "delivery:step", args=[row.id, *([step] * (step != "fail"))]
        ),
        forms={"fail": FailForm(), **({"dispatch": TrackingForm()} if row.service_id else {})},
    )
    return TicketPage(
        ticket=t,
        tone=TICKET.tone(_S(t.state)),
        banner=head,
        therapy=course.drug_name,
        acts=tuple(_plain(a) for a in acts),
        call=call[0] if call else None,
        call_flags=flags(call[0].answers) if call else (),
        said=tuple((question(s.code).text, f"{s.answer.value} {s.words}".strip()) for c in call for s in c.answers.said),
        call_form=_call_form(t, course.therapy_class, by),
        attempt_form=AttemptForm() if t.state in _CALLED_FOR and by.may(CALL.code) else None,
        attempts=tuple(attempts_of(row.id)),
        supply=supplies_of([row.therapy_id]).get(row.therapy_id),
        concerns=tuple(_concern(c, by) for c in concerns_of(row.id)),
        scan_form=ScanForm() if t.state == _S.CONFIRMED.value and by.may(PACK.code) else None,
        pack_out_form=_pack_out_form(t, by),
        pack_out=by_code(t.pack_out) if t.pack_out else None,
        validations=tuple(
            f"{', '.join(v.study.codes)}: {v.study.hours} h until {v.study.last:%d-%b-%Y}"
            for v in validations_at(t.site_id)
            if v.state == "approved"
        ),
        payload=t.payload,
        parts=_parts(t),
        may_split=t.state == _S.CONFIRMED.value and by.may(OPEN.code),
        left_to_pick=sum(1 for line in t.lines if line.picked_at is None),
        chain=tuple(chain),
        broken=tuple(breaks(chain, head.patient.timezone)),
        pass_form=PassOnForm(people=drivers()) if t.state == _S.DISPATCHED.value and by.may(DRIVE.code) else None,
        logger=logger,
        logger_form=LoggerForm(initial={"serial": t.road.logger_serial})
        if logger is None and t.state in _TRAVELLED and by.may(READ_LOGGER.code)
        else None,
        decision_form=DecisionForm()
        if logger and logger.verdict == "excursion" and logger.usable is None and by.may(CHECK.code)
        else None,
        is_out=t.state == _S.DISPATCHED.value,
        has_proof=t.delivered_at is not None,
        lines=timeline(subject_id=row.id),
        zone=head.patient.timezone,
        door_acts=_door_acts(row, by),
    )


def _door_acts(row: DeliveryTicket, by: Actor) -> tuple[Act, ...]:
    """Taking the position at the door for the home's, where one was noted."""
    if row.latitude is None or row.delivered_at is None or not by.may("patients.home.locate"):
        return ()
    url = reverse("delivery:door_position", args=[row.id])
    return (Act("door-position", "This is where the home is", url, reasons=tuple(str(r) for r in reasons_against_door(row))),)


def _plain(act: Act) -> Act:
    """The failed delivery asks its own words: no second reason."""
    if act.name != "fail":
        return act
    return Act(act.name, act.label, act.url, act.tone, False, act.sign, act.reasons, act.form)


def drivers() -> list[tuple[str, str]]:
    """Who may drive, as choices."""
    return [(str(p.id), p.name) for role in (Role.DRIVER, Role.WAREHOUSE) for p in team.people(role)]


def _parts(t: TicketFact) -> tuple[Part, ...]:
    short = short_on(t) if t.state in {*_CALLED_FOR, _S.CONFIRMED.value} else {}
    return tuple(Part(line, line.id in short, short.get(line.id, 0)) for line in t.lines)


def _concern(c: ConcernFact, by: Actor) -> Concern:
    facts = ConcernFacts(c.role, frozenset(str(r) for r in by.roles))
    acts = acts_of(CONCERN, c.state, facts, by, url_for=lambda step: reverse("delivery:concern", args=[c.id, step]))
    named = tuple(
        Act(f"{a.name}-{c.id.hex[-6:]}", a.label, a.url, a.tone, a.needs_reason, a.sign, a.reasons, a.form) for a in acts
    )
    return Concern(c, CONCERN.tone(type(CONCERN.initial)(c.state)), named)


def call_form_of(t: TicketFact, *args: object, **kwargs: object) -> CallForm:
    """The form of the call for this ticket: its questions and its items."""
    return CallForm(*args, questions=questions_for(therapy(t.therapy_id).therapy_class), lines=t.lines, **kwargs)


def _call_form(t: TicketFact, therapy_class: str, by: Actor) -> CallForm | None:
    if t.state not in _CALLED_FOR or not by.may(CALL.code):
        return None
    return CallForm(
        initial={"need_by": t.need_by, "instructions": t.instructions}, questions=questions_for(therapy_class), lines=t.lines
    )


def _pack_out_form(t: TicketFact, by: Actor) -> PackOutForm | None:
    if t.state not in {_S.CONFIRMED.value, _S.PICKED.value} or not by.may(PACK.code):
        return None
    fit = tuple(p for lane in Lane for p in choices(t.payload, lane, t.need_by or house_today(), 0))
    steps = [s for s in pack_steps() if any(p.payload.value in s.payloads and p.season.value in s.seasons for p in fit)]
    return PackOutForm(
        initial={
            "lane": t.lane,
            "pack_out": t.pack_out,
            "steps": t.road.done_steps,
            "logger": t.road.logger_serial,
            "seal": t.road.seal,
            "service": str(t.road.service_id or ""),
        },
        pack_outs=fit,
        steps=steps,
        services=[s for _, s in services(t.site_id)],
    )


@dataclass(frozen=True, slots=True)
class DriverRow:
    id: UUID
    number: str
    patient: str
    address: str
    phone: str
    instructions: str
    state: str
    tone: str
    payload: str
    packages: int
    acts: tuple[Act, ...] = ()


def driver_rows(states: list[str], without: set[UUID]) -> tuple[DriverRow, ...]:
    """Deliveries in these states that stand on no route of the page."""
    found = [t for t in tickets_where(state__in=states, service_id__isnull=True) if t.id not in without]
    people = patients([t.patient_id for t in found])
    return tuple(
        DriverRow(
            t.id,
            t.number,
            people[t.patient_id].name,
            t.address,
            people[t.patient_id].phone,
            t.instructions,
            t.state,
            TICKET.tone(_S(t.state)),
            t.payload.value,
            len(t.lines),
        )
        for t in found
        if t.patient_id in people
    )


@dataclass(frozen=True, slots=True)
class StopPage:
    """One stop: what to hand over, and the proof."""

    ticket: TicketFact
    patient: str
    born: str
    phone: str
    tone: str
    form: HandOverForm
    acts: tuple[Act, ...]
    reads_temperature: bool
    door: Door
    boxes: int
    to_map: str
    zone: str


def stop_page(ticket_id: UUID, by: Actor) -> StopPage:
    row = fetch(DeliveryTicket, ticket_id)
    lines = lines_of(row)
    t, who = ticket_fact(row, lines), patients([row.patient_id])[row.patient_id]
    acts = acts_of(
        TICKET,
        row.state,
        facts_of(row, lines, by, service_id=row.service_id),
        by,
        leave_out=frozenset({"deliver", "give"}),
        url_for=lambda step: reverse(
            "delivery:fail" if step == "fail" else "delivery:step", args=[row.id, *([step] * (step != "fail"))]
        ),
        forms={"fail": FailForm()},
    )
    door = door_of(t.site_id)
    return StopPage(
        t,
        who.name,
        f"{who.born_on:%d-%b-%Y}",
        who.phone,
        TICKET.tone(_S(t.state)),
        HandOverForm(initial={"received_by": f"{who.given} {who.family}"}, lines=t.lines, asks_photo=door.asks_photo),
        tuple(_plain(a) for a in acts),
        t.payload is not Payload.ROOM,
        door,
        sum(1 for line in t.lines if line.kind == "preparation"),
        to_map(t.address),
        who.timezone,
    )


def to_map(address: str) -> str:
    """A link that a phone opens in its own map: an address, not a position."""
    return f"geo:0,0?q={quote(address)}"
