# SPDX-License-Identifier: Apache-2.0
"""A delivery leaves only for a state that its site may ship to."""
from __future__ import annotations

from datetime import timedelta

import pytest
from tests.integration.conftest import Thread

from openinfusion.catalog import public as catalog
from openinfusion.delivery import public as delivery
from openinfusion.delivery.models import DeliveryTicket
from openinfusion.kernel.refusal import Refused
from openinfusion.platform.clock import today
from openinfusion.sites import public as sites
from openinfusion.sites.models import SiteLicence

ZONE = "America/Chicago"


def test_an_expired_licence_stops_the_delivery_at_the_door_and_a_renewal_lets_it_go(
    thread: Thread, monkeypatch: pytest.MonkeyPatch,
) -> None:
    released = thread.released

    def made_in_time(**changes: object) -> object:
        """Made while the licence held; then it expires."""
        made = released(**changes)
        SiteLicence.objects.update(expires_on=today(ZONE) - timedelta(days=1))
        return made

    monkeypatch.setattr(thread, "released", made_in_time)
    with pytest.raises(Refused) as no:
        thread.dispatched()
    assert [r.code for r in no.value.reasons] == ["ship-expired"] and no.value.reasons[0].clears
    ticket = DeliveryTicket.objects.get()
    assert ticket.state == "rph_checked" and ticket.driver is None
    site = thread.bench.site_id
    sites.record_site_licence(site_id=site, kind=sites.LicenceKind.PHARMACY, state="IL", number="054-0001", expires_on=today(ZONE),
                              by=thread.bench.administrator)
    delivery.advance_ticket(ticket_id=ticket.id, step="dispatch", by=thread.driver)


def test_a_state_without_a_licence_is_not_shipped_to(thread: Thread) -> None:
    SiteLicence.objects.update(state_code="IN")
    with pytest.raises(Refused, match="no pharmacy licence for IL"):
        thread.dispatched()


def test_a_controlled_substance_needs_the_registration_of_the_site(thread: Thread, monkeypatch: pytest.MonkeyPatch) -> None:
    listed, released = catalog.controlled("morphine"), thread.released

    def made_before_it_was_listed(**changes: object) -> object:
        made = released(**changes)
        monkeypatch.setattr(catalog, "controlled", lambda code: listed if code == "ceftriaxone" else None)
        return made

    monkeypatch.setattr(thread, "released", made_before_it_was_listed)
    with pytest.raises(Refused, match="no DEA registration licence for IL"):
        thread.dispatched()
    ticket = DeliveryTicket.objects.get()
    sites.record_site_licence(site_id=thread.bench.site_id, kind=sites.LicenceKind.DEA, state="IL", number="DEA-1",
                              expires_on=today(ZONE) + timedelta(days=9), by=thread.bench.administrator)
    delivery.advance_ticket(ticket_id=ticket.id, step="dispatch", by=thread.driver)
