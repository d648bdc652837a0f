# SPDX-License-Identifier: Apache-2.0
"""A suite's day in a real browser: asked for, booked, moved by keys and back, checked in, stopped hard without its drug."""
from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import Appointment
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.models import Site
from openinfusion.platform.scope import entered
from openinfusion.sites import public as sites
from openinfusion.therapy import public as therapy

_AHEAD = (9 - datetime.now(UTC).hour + 12) % 24 - 12
ZONE = ZoneInfo(f"Etc/GMT{-_AHEAD:+d}" if _AHEAD else "UTC")  # where it is nine to ten in the morning now: a day to plan lies ahead


@pytest.fixture
def a_day(pharmacy: Any) -> Any:
    """Three patients who do not exist: one booked at noon, one for a first dose beside, one who waits; the suite is open for long."""
    from dataclasses import replace

    from openinfusion.nursing.domain.suite_terms import house_terms

    by, intake = pharmacy.actors["nurse_manager"], pharmacy.actors["intake"]
    today = datetime.now(ZONE).date()
    with entered(pharmacy.organization_id):
        Site.objects.filter(kind="suite").update(timezone=ZONE.key)
        site_id = Site.objects.get(kind="suite").id
        terms = replace(house_terms(today), opens=time(7), closes=time(20), latest=time(21), effective_from=today, source="a test")
        nursing.keep_suite_terms(site_id=site_id, terms=terms, by=by)
        made = []
        for n, name in enumerate(("Seatwell", "Firstdose", "Waitman"), 1):
            patient_id = patients.register(demographics=Demographics(
                name, "Sam", date(1970, 1, n), Sex.MALE, Address("2 Sample Way", "", "Springfield", "IL", "62701")), by=intake)
            course = therapy.begin_therapy(
                patient_id=patient_id, drug_code="ceftriaxone", therapy_class="", diagnosis="M86.172", site_id=site_id,
                prescriber="Lena Fictional, MD", start_on=today, by=intake)
            made.append((course, nursing.request_appointment(
                therapy_id=course, site_id=site_id, wished_at=datetime.combine(today, time(0), ZONE), infusion_minutes=60,
                first_dose=n == 2, by=by)))
        chairs = sorted(sites.chairs(site_id), key=lambda c: c[1])
        noon = datetime.combine(today, time(12), ZONE)
        for (_, id), (chair, _name), at in zip(made, chairs, (noon, noon + timedelta(minutes=30)), strict=False):
            nursing.book_appointment(appointment_id=id, chair_id=chair, nurse_id=pharmacy.actors["nurse3"].id, starts_at=at,
                                     hold_why="the drug comes this morning", by=by)
    return site_id, [id for _, id in made]


def test_a_suites_day_at_a_desk_and_on_a_phone(
    visitor: Callable[..., Any], pharmacy: Any, a_day: Any, troubles: list[str],
) -> None:
    site_id, (seat, _first, waits) = a_day
    desk, phone = visitor("suite_scheduler"), visitor("suite_scheduler", phone=True)
    board = f"/nursing/suite/?site={site_id}"
    desk.go(board)
    assert "SEATWELL" in desk.text() and "fits at" in desk.text()
    desk.page.locator(f"#a-{seat}").focus()
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Alt+ArrowRight")
    desk.look()
    assert "was moved" in desk.text()
    with entered(pharmacy.organization_id):
        assert Appointment.objects.get(pk=seat).starts_at.astimezone(ZONE).time() == time(12, 15)
    desk.follow(desk.page.get_by_role("button", name="Undo"))
    desk.page.locator(f"#a-{seat}").focus()
    desk.page.keyboard.press("Alt+ArrowDown")
    desk.page.get_by_text("has that chair then").first.wait_for()
    with entered(pharmacy.organization_id):
        assert Appointment.objects.get(pk=seat).starts_at.astimezone(ZONE).time() == time(12)
    desk.page.locator(f"#a-{seat}").focus()
    with desk.page.expect_navigation():
        desk.page.keyboard.press("i")
    desk.look()
    assert "checked in" in desk.text() and "Is it ready?" in desk.text()
    nurse = visitor("nurse3", phone=True)
    nurse.go(f"/nursing/suite/appointments/{seat}/")
    assert "no order of this therapy is on file" in nurse.text() and "the drug in hand is not scanned" in nurse.text()
    for path in (board, f"/nursing/suite/appointments/{waits}/", "/nursing/suite/ask/?q=Seatwell", f"/dispatch/suite/?site={site_id}"):
        desk.go(path)
        phone.go(path)
    desk.go(f"/nursing/suite/appointments/{waits}/")
    desk.act("Book", {"hold_why": "the drug comes at one", "starts_at": f"{datetime.now(ZONE):%Y-%m-%d}T15:00"})
    assert "Booked." in desk.page.content()
    desk.go(f"/dispatch/suite/?site={site_id}")
    desk.page.get_by_role("button", name="Plan", exact=True).click()
    desk.page.get_by_text("This is being worked out").or_(desk.page.get_by_text("Who sits when")).first.wait_for()
    desk.look()
    troubles[:] = [t for t in troubles if "409" not in t]  # the refusals that were provoked
    assert troubles == []
