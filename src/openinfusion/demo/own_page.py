# SPDX-License-Identifier: Apache-2.0
"""The patient's own page of the demonstration: one patient has a link, has asked something, and can be looked in on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openinfusion.delivery import public as delivery
from openinfusion.demo.staff import House
from openinfusion.patients import public as patients
from openinfusion.platform.permissions import system_actor
from openinfusion.platform.scope import entered
from openinfusion.portal import public as portal
from openinfusion.therapy import public as therapy

_ASKS = "pre_delivery_assessment"  # the state in which the patient's answers are wanted


@dataclass(frozen=True, slots=True)
class Door:
    """What a patient holds in hand: the secret of the link, the code that came another way, and their own birthday."""

    token: str
    code: str
    born_on: date


def own_page_today(house: House, orders: list[therapy.PrescriptionFact]) -> int:
    """A patient whose delivery waits for answers has a link and has asked for another hour; how many acts."""
    if not orders:
        return 0
    found = ((o, t) for o in orders for t in delivery.tickets_of(o.therapy_id) if t.state == _ASKS)
    order, ticket = next(found, (orders[0], None))
    patient_id = order.patient_id
    portal.give_link(patient_id=patient_id, code_way="phone", by=house.by("pharmacist"))
    patient = portal.patient_actor(patient_id)
    portal.ask(patient_id=patient_id, code="question", words="May I shower with the line?", by=patient)
    if ticket is None:
        return 2
    portal.ask(patient_id=patient_id, code="change_delivery", words="I am out until three, please come after that.",
               subject_id=ticket.id, by=patient)  # fmt: skip
    return 3


def door(organization_id: UUID) -> Door | None:
    """A new link and code of the first patient who has one, since old ones are not kept readable; None where nobody has."""
    by = system_actor(organization_id)
    with entered(organization_id):
        links = [link for link in portal.links_where() if link.state != "revoked"]
        if not links:
            return None
        first = min(links, key=lambda link: link.given_at)
        made = portal.renew_link(link_id=first.id, code_way="phone", by=by)
        return Door(made["token"], made["code"], patients.patient(first.patient_id).born_on)
