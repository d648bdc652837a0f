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
from openinfusion.demo.staff import House
from openinfusion.exchange import public as exchange
from openinfusion.kernel.refusal import Refused
from openinfusion.platform.clock import now
from openinfusion.platform.scope import attempt
from openinfusion.sites import public as sites

ZONE = ZoneInfo("America/Chicago")
TUESDAY = 1
THURSDAY = 3
PAYER_DAYS = 12


def routine(house: House, start: datetime, rng: random.Random) -> tuple[datetime, Iterator[datetime]]:
    """The first morning, and every morning after it."""
    return start + timedelta(minutes=1), _days(house, rng)


def _days(house: House, rng: random.Random) -> Iterator[datetime]:
    while True:
        day = now().astimezone(ZONE)
        _clean(house)
        if day.weekday() in {TUESDAY, THURSDAY}:
            _measure(house, rng)
        if day.weekday() == TUESDAY:
            _send_claims(house)
        if day.weekday() == THURSDAY:
            _take_payments_in(house)
        yield day.replace(hour=6, minute=30, second=0) + timedelta(days=1)


def _clean(house: House) -> None:
    for hood_id in house.hoods.values():
        sites.clean_hood(hood_id=hood_id, agent="sporicidal wipe", by=house.by("technician"))


def _measure(house: House, rng: random.Random) -> None:
    for site_id in house.sites.values():
        for store in sites.cold_stores(site_id):
            middle = (store.band.low + store.band.high) / 2
            out = rng.random() < 0.02
            celsius = store.band.high + Decimal("1.2") if out else middle + Decimal(rng.randint(-9, 9)) / 10
            sites.record_temperature(
                cold_store_id=store.id,
                celsius=celsius,
                by=house.by("warehouse"),
                action_taken="door found ajar, closed; contents moved and judged" if out else "",
            )


def _send_claims(house: House) -> None:
    """The biller's Tuesday: what could be released is, and what is ready goes out."""
    biller = house.by("biller")
    for claim in billing.all_claims():
        if claim.state == "held":
            billing.check_again(claim_id=claim.id, by=biller)
    try:
        with attempt():
            exchange.send_ready_claims(by=biller)
    except Refused:  # nothing is ready, or nothing that is ready can be written: it stays in the queue
        return


def _take_payments_in(house: House) -> None:
    """What was sent some days ago is answered by the demonstration's payer, one remittance a plan."""
    due: dict[UUID, list[UUID]] = defaultdict(list)
    for claim in billing.all_claims():
        sent = claim.submitted_at if claim.state == "submitted" else None
        if sent is not None and claim.plan_id is not None and (now() - sent).days >= PAYER_DAYS:
            due[claim.plan_id].append(claim.id)
    for number, claim_ids in enumerate(due.values(), 1):
        trace = f"DEMO{now():%Y%m%d}{number:02d}"
        text = exchange.simulated_remittance(claim_ids, trace=trace, paid_on=now().astimezone(ZONE).date(), control=number)
        exchange.receive_remittance(name=f"{trace}.835", data=text.encode("ascii"), by=house.by("biller2"))
