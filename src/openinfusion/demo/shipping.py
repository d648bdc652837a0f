# SPDX-License-Identifier: Apache-2.0
"""What a site of the demonstration ships in and with: its pack-outs' study, approved by a second pharmacist, and carriers."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from uuid import UUID

from openinfusion.delivery import public as delivery
from openinfusion.kernel.ids import new_id
from openinfusion.platform.actor import Actor

_COLD = (
    (("CR-S-12", "CR-W-12"), 12, "2.0", "8.0", "own driver and courier, gel packs"),
    (("OV-S-36", "OV-W-36", "TD-S-60", "TD-W-60"), 60, "2.0", "8.0", "overnight and two-day shippers"),
    (("FR-CR-S", "FR-CR-W", "FR-OV-S", "FR-OV-W"), 36, "-25.0", "-10.0", "dry ice"),
)


def prove_pack_outs(site_id: UUID, on: date, last: date, entered_by: Actor, approved_by: Actor) -> None:
    """The fictional studies of a site's cold pack-outs: entered by one pharmacist, approved by another."""
    for codes, hours, low, high, what in _COLD:
        made = delivery.enter_validation(
            site_id=site_id,
            study=delivery.Study(
                codes, f"Fictional qualification, {what}", hours, Decimal(low), Decimal(high), on - timedelta(days=60), last
            ),
            by=entered_by,
        )
        delivery.advance_validation(validation_id=made, step="approve", by=approved_by.signing("demo"))


def hire_carriers(site_id: UUID, by: Actor) -> None:
    """Two fictional services: one for tomorrow, one for the day after."""
    for name, lane, hours in (
        ("Overnight", delivery.Lane.OVERNIGHT, 20),
        ("Second day", delivery.Lane.TWO_DAY, 44),
    ):
        service = delivery.Service(new_id(), "Swallow Sample Freight", name, lane, time(17, 30), (0, 1, 2, 3, 4), hours)
        delivery.add_service(site_id=site_id, service=service, by=by)
