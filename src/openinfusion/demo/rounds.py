# SPDX-License-Identifier: Apache-2.0
"""Today's rounds of the demonstration: drivers' shifts, a route with its stops, two loggers, calls, a concern."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.delivery import public as delivery
from openinfusion.demo.staff import House
from openinfusion.inventory import public as inventory
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.therapy import public as therapy

ZONE = ZoneInfo("America/Chicago")
CALM, WARM = ("4.2", "4.6", "5.1", "4.8"), ("4.4", "16.5", "27.5", "9.6")


def rounds(house: House) -> int:
    """All of it, at the first pharmacy; how many acts that were."""
    return _shifts(house) + _route(house) + _loggers(house) + _calls(house)


def _shifts(house: House) -> int:
    """Each pharmacy's vans, its drivers' shifts of today and tomorrow, and one who has tomorrow off. Today's shift holds now."""
    at, acts = now().astimezone(ZONE).replace(second=0, microsecond=0), 0
    for crew in house.crews:
        desk, eight = house.by(crew.warehouse[0]), at.replace(hour=8, minute=0)
        for number, key in enumerate(crew.drivers, 1):
            van = delivery.keep_vehicle(
                site_id=crew.site_id, name=f"Van {number}", holds=None if number == 3 else 40, refrigerated=number == 1, by=desk
            )
            today = (min(eight, at - timedelta(hours=1)), max(eight + timedelta(hours=9), at + timedelta(hours=4)))
            next_day = (max(eight + timedelta(days=1), today[1]), eight + timedelta(days=1, hours=9))
            off = number == len(crew.drivers) > 1
            for kind, (begins, ends) in (("works", today), ("off" if off else "works", next_day)):
                delivery.plan_driver_time(
                    driver_id=house.by(key).id, site_id=crew.site_id, kind=kind, starts_at=begins, ends_at=ends, by=desk,
                    vehicle_id=van if kind == "works" else None, note="day off" if kind == "off" else "",
                )  # fmt: skip
            acts += 3
    return acts


def _route(house: House) -> int:
    """A driver's route of today: what waits for one, and a device that is called back."""
    crew, day, acts = house.crews[0], now().astimezone(ZONE).date(), 1
    due = [p for p in inventory.pumps(crew.site_id, "return_due") if p.patient_id]
    for device in due[:1]:
        delivery.ask_back(
            patient_id=device.patient_id, site_id=crew.site_id, kind=delivery.ReturnKind.DEVICE, pump_id=device.id,  # type: ignore[arg-type]
            wanted_on=day, by=house.by(crew.warehouse[0]), note="therapy ended",
        )  # fmt: skip
        acts += 1
    found = delivery.stops_waiting(day, crew.site_id)[:4]
    leaves = datetime.combine(day, now().astimezone(ZONE).time().replace(second=0, microsecond=0), tzinfo=ZONE)
    delivery.assign_route(
        site_id=crew.site_id,
        day=day,
        name="A",
        driver_id=house.by(crew.drivers[0]).id,
        leaves_at=leaves,
        vehicle="Van 1",
        stops=[delivery.StopWanted(ticket_id=w.ticket_id, return_id=w.return_id) for w in found],
        by=house.by(crew.warehouse[0]),
    )
    return acts


def _loggers(house: House) -> int:
    """Two deliveries of the last days had a logger along: one stayed in range, one did not and waits for a decision."""
    day = now().astimezone(ZONE).date()
    arrived = [t for t in delivery.delivered_between(day - timedelta(days=4), day)
               if t.payload.value == "refrigerated" and t.dispatched_at and t.delivered_at]  # fmt: skip
    for number, (ticket, celsius) in enumerate(
        zip(sorted(arrived, key=lambda t: t.delivered_at or now()), (CALM, WARM), strict=False)
    ):
        assert ticket.dispatched_at and ticket.delivered_at
        begun, span = (
            ticket.dispatched_at - timedelta(minutes=10),
            ticket.delivered_at - ticket.dispatched_at + timedelta(minutes=11),
        )
        readings = [delivery.LoggerReading(begun + span * n / 3, Decimal(c)) for n, c in enumerate(celsius)]
        delivery.attach_readings(ticket_id=ticket.id, serial=f"TL-{4201 + number}", readings=readings, by=house.by("warehouse"))
    return min(len(arrived), 2)


def _calls(house: House) -> int:
    """Among the calls that are due one reached nobody, and one was answered with something to look at."""
    by, acts = house.by("warehouse"), 0
    found = [w for w in delivery.waiting(by).rows if w.kind == "Delivery" and w.state == "draft"][:2]
    for number, row in enumerate(found):
        if not number:
            again = now() + timedelta(hours=2)
            delivery.note_attempt(ticket_id=row.id, outcome=delivery.Attempt.LEFT_MESSAGE, again_at=again, by=by)
        else:
            delivery.record_call(ticket_id=row.id, answers=_with_a_rash(row.id), by=by)
        acts += 1
    return acts


def _with_a_rash(ticket_id: UUID) -> delivery.Answers:
    ticket = delivery.ticket(ticket_id)
    said = delivery.nothing_new(therapy.therapy(ticket.therapy_id).therapy_class)
    rash = tuple(
        delivery.Said(s.code, delivery.Answer.YES, "itchy rash on both arms since the last dose") if s.code == "reaction" else s
        for s in said
    )
    return delivery.Answers(
        "the patient", "self", 1, 0, "", "", "", True, True, ticket.need_by or house_today(), said=rash, receives="the patient"
    )
