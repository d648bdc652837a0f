# SPDX-License-Identifier: Apache-2.0
"""Scheduled work of the therapy room: orders that may no longer be filled expire."""
from __future__ import annotations

from openinfusion.platform.actor import Actor
from openinfusion.platform.jobs import every
from openinfusion.therapy.actions.steer import steer_prescription
from openinfusion.therapy.queries import run_out_orders


@every("0 9 * * *", "therapy.expire_orders")
def expire_orders(by: Actor) -> int:
    """Expire every order past its last valid day; how many."""
    found = run_out_orders()
    for prescription_id in found:
        steer_prescription(prescription_id=prescription_id, step="expire", by=by)
    return len(found)
