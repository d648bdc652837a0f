# SPDX-License-Identifier: Apache-2.0
"""Pharmacists answer at the delivery and among the calls, at the same moment: one answer stands, and it is the same in both rooms."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import cycle
from uuid import UUID

from tests.concurrency.delivery.test_delivery_twice import MANY, PHARMACY, at_once

from openinfusion.catalog import public as catalog
from openinfusion.clinical import public as clinical
from openinfusion.delivery import public as delivery
from openinfusion.delivery.models import CallConcern, DeliveryTicket, TicketLine
from openinfusion.kernel.roles import Role
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import today
from openinfusion.platform.models import Entry
from openinfusion.platform.news import sweep
from openinfusion.platform.scope import entered
from openinfusion.sites import public as sites
from openinfusion.therapy import public as therapy


def a_concern(by: Actor) -> UUID:
    """A delivery whose call told of a rash; the concern's id."""
    catalog.load_catalog(by=by)
    site_id = sites.open_site(name="Race", kind="pharmacy", timezone="America/Chicago", details=PHARMACY, by=by)
    patient_id = patients.register(demographics=Demographics(
        "Racer", "Amara", date(1968, 7, 14), Sex.FEMALE, Address("2 Sample Way", "", "Springfield", "IL", "62701")), by=by)
    therapy_id = therapy.begin_therapy(
        patient_id=patient_id, drug_code="ceftriaxone", therapy_class="", diagnosis="M86.172", site_id=site_id,
        prescriber="Lena Fictional, MD", start_on=today("America/Chicago"), by=by)
    ticket = DeliveryTicket.objects.create(number="DRACE", patient_id=patient_id, therapy_id=therapy_id, site_id=site_id, address="2 Sample Way")
    TicketLine.objects.create(ticket=ticket, kind="equipment", text="pole", scan_code="1")
    delivery.record_call(ticket_id=ticket.id, by=by, answers=delivery.Answers(
        "Amara", "self", 0, 0, "", "", "a rash", True, True, today("America/Chicago"), said=delivery.nothing_new("antibiotic")))
    return CallConcern.objects.get(ticket=ticket).id


def test_one_answer_stands_in_both_rooms(committed: None, organization_id: UUID, someone: Callable[..., Actor]) -> None:
    by = someone(*Role)
    with entered(organization_id):
        concern_id = a_concern(by)
        row = CallConcern.objects.get(pk=concern_id)
    call_id = row.clinical_call_id
    assert call_id is not None
    ways = cycle((
        lambda: clinical.advance_call(call_id=call_id, step="settle", advice="hold it", release="hold", by=by),
        lambda: delivery.answer_concern(concern_id=concern_id, step="clear", reason="let it go", by=by),
    ))
    found = at_once(lambda: next(ways)())
    assert found.count("won") == 1, found
    assert set(found) <= {"won", "no-such-step", "answered-already"}, found
    sweep(organization_id)
    with entered(organization_id):
        row, call = CallConcern.objects.get(pk=concern_id), clinical.call(call_id)
        assert (row.state, call.release) in {("cleared", "go"), ("stopped", "hold")} and call.state == "settled"
        assert row.answer == call.advice
        assert delivery.ticket(row.ticket_id).road.open_concerns == (row.state == "stopped")
        assert Entry.objects.filter(subject_id=concern_id, verb__in=("delivery.concern.clear", "delivery.concern.stop")).count() == 1
    assert len(found) == MANY
