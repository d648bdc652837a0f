# SPDX-License-Identifier: Apache-2.0
"""The order by which something is given, and why nothing may be given by it on a day."""
from __future__ import annotations

from datetime import date
from uuid import UUID

from openinfusion.clinical import public as clinical
from openinfusion.kernel.refusal import Reason
from openinfusion.therapy.public import PrescriptionFact, prescription, prescriptions_of


def order_of(therapy_id: UUID, prescription_id: UUID | None) -> PrescriptionFact | None:
    """The order an appointment is for: the one it names, else the newest of the therapy that is not over."""
    if prescription_id is not None:
        return prescription(prescription_id)
    running = [p for p in prescriptions_of(therapy_id) if not p.ended]
    return max(running, key=lambda p: (p.verified, p.version_no), default=None)


def order_reasons(therapy_id: UUID, prescription_id: UUID | None, on: date) -> list[Reason]:
    """Why nothing may be given by this order on a day: none, not verified, over, or of another day."""
    order = order_of(therapy_id, prescription_id)
    if order is None:
        return [Reason("no-order", "no order of this therapy is on file", "the order is transcribed and verified")]
    return against_order(order, on)


def against_order(order: PrescriptionFact, on: date) -> list[Reason]:
    """Why nothing may be given by this order on a day: not verified, over, or of another day."""
    if order.ended or not order.verified or not clinical.stands(order.id):
        return [Reason("not-verified", f"order {order.number} is {order.state.replace('_', ' ')}, not verified",
                       "a pharmacist verifies it")]
    if not order.order.start_on <= on <= order.order.last_on:
        return [Reason("not-its-day", f"order {order.number} runs from {order.order.start_on:%d-%b-%Y} to "
                       f"{order.order.last_on:%d-%b-%Y}", "a renewed order")]
    return clinical.day_reasons(order.id, on, on)
