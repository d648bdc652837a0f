# SPDX-License-Identifier: Apache-2.0
"""What the demonstration's house does every working day: clean, measure, send claims, take remittances in."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.billing import public as billing
from openinfusion.demo.facility import sampling
from openinfusion.demo.staff import Crew, House
from openinfusion.exchange import public as exchange
from openinfusion.kernel.refusal import Refused
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.scope import attempt
from openinfusion.sites import public as sites
from openinfusion.team import public as team

ZONE = ZoneInfo("America/Chicago")
MONDAY = 0
TUESDAY = 1
THURSDAY = 3
SATURDAY = 5
PAYER_DAYS = 12


def routine(
    house: House, crew: Crew, start: datetime, until: datetime, rng: random.Random
) -> tuple[datetime, Iterator[datetime]]:
    """One pharmacy's first morning, and every morning after it until today."""
    return start + timedelta(minutes=1), _days(house, crew, until, rng)


def _days(house: House, crew: Crew, until: datetime, rng: random.Random) -> Iterator[datetime]:
    samples, first = sampling(house, crew), True
    while True:
        day = now().astimezone(ZONE)
        next(samples)
        if first or day.weekday() < SATURDAY or until - day < timedelta(days=2):  # closed at weekends, but not today
            open_day(house, crew, rng, day)
        first = False
        if day.weekday() in {TUESDAY, THURSDAY}:
            _measure(house, crew, rng)
        if day.weekday() == TUESDAY:
            _send_claims(house, crew)
        if day.weekday() == THURSDAY:
            _take_payments_in(house, crew)
        yield day.replace(hour=6, minute=30, second=0) + timedelta(days=1)


def open_day(house: House, crew: Crew, rng: random.Random, day: datetime) -> None:
    """The morning: everything is cleaned (with a sporicidal on Mondays), and every room's pressure is read."""
    technician, monday = house.by(crew.technicians[0]), day.weekday() == MONDAY
    rooms = sites.rooms(crew.site_id)
    first = any(r.sporicidal_at is None for r in rooms)
    sites.record_cleaning(
        site_id=crew.site_id,
        agent="sporicidal wipe" if monday or first else "germicidal detergent",
        kind=sites.CleaningKind.SPORICIDAL if monday or first else sites.CleaningKind.DAILY,
        hood_ids=list(crew.hoods.values()),
        room_ids=[r.id for r in rooms],
        by=technician,
    )
    for key in crew.technicians:
        team.attest_garb(site_id=crew.site_id, hazardous=True, by=house.by(key))
    readings = [
        sites.Given(str(r.id), sites.Measured.PRESSURE, _pressure(r.hazardous, rng), now()) for r in rooms
    ]
    sites.record_round(site_id=crew.site_id, readings=readings, by=technician)


def _pressure(negative: bool, rng: random.Random) -> Decimal:
    return Decimal(rng.randint(-26, -14) if negative else rng.randint(26, 42)) / 1000


def _measure(house: House, crew: Crew, rng: random.Random) -> None:
    for store in sites.cold_stores(crew.site_id):
        middle = (store.band.low + store.band.high) / 2
        out = rng.random() < 0.02
        celsius = store.band.high + Decimal("1.2") if out else middle + Decimal(rng.randint(-9, 9)) / 10
        sites.record_temperature(
            cold_store_id=store.id,
            celsius=celsius,
            by=house.by(crew.warehouse[0]),
            action_taken="door found ajar, closed; contents moved and judged" if out else "",
        )


def _send_claims(house: House, crew: Crew) -> None:
    """The biller's Tuesday: what could be released is, and what is ready goes out."""
    biller = house.by("biller")
    for claim in _claims(crew):
        if claim.state == "held":
            billing.check_again(claim_id=claim.id, by=biller)
    ready = [claim.id for claim in _claims(crew) if claim.state == "ready"]
    if not ready:
        return
    try:
        with attempt():
            exchange.send_ready_claims(claim_ids=ready, by=biller)
            for file in exchange.transmissions("queued"):
                exchange.decide_transmission(transmission_id=file.id, step="by_hand", by=biller)
    except Refused:  # nothing is ready, or nothing that is ready can be written: it stays in the queue
        return


def _claims(crew: Crew) -> list[billing.ClaimFact]:
    return [claim for claim in billing.all_claims() if claim.site_id == crew.site_id]


def _take_payments_in(house: House, crew: Crew) -> None:
    """What was sent some days ago is answered by the demonstration's payer, one remittance a plan."""
    due: dict[UUID, list[UUID]] = defaultdict(list)
    for claim in _claims(crew):
        sent = claim.submitted_at if claim.state == "submitted" else None
        if sent is not None and claim.plan_id is not None and (now() - sent).days >= PAYER_DAYS:
            due[claim.plan_id].append(claim.id)
    for number, claim_ids in enumerate(due.values(), 1):
        trace = f"DEMO{house_today():%Y%m%d}{house.crews.index(crew)}{number:02d}"
        text = exchange.simulated_remittance(claim_ids, trace=trace, paid_on=now().astimezone(ZONE).date(), control=number)
        exchange.receive_remittance(name=f"{trace}.835", data=text.encode("ascii"), by=house.by("biller2"))
