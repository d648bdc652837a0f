# SPDX-License-Identifier: Apache-2.0
"""A day of the rooms in a real browser: garbing, a round that finds the pressure low, and the incident to its owner."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any


def test_a_low_pressure_becomes_an_incident_that_compliance_takes_up(
    visitor: Callable[..., Any], pharmacy: Any, troubles: list[str]
) -> None:
    technician, compliance, phone = visitor("technician", phone=True), visitor("compliance"), visitor("compliance", phone=True)
    site = f"/sites/{pharmacy.site_id}/"
    technician.go("/team/garb/?hazardous=1")
    technician.submit("form[action*=garb]", {"all_done": True})
    assert "attested today, for hazardous drugs too" in technician.text()

    technician.go(f"{site}round/")
    low = technician.page.locator("fieldset", has_text="Buffer room: pressure").first
    low.locator("input").nth(0).fill("0.004")
    technician.page.get_by_role("button", name="Record the round").click()
    technician.page.get_by_text("say what was done about it").wait_for()
    low.locator("input").nth(1).fill("door found ajar, closed")
    technician.follow(technician.page.get_by_role("button", name="Record the round"))

    compliance.go(site)
    assert "the pressure of Buffer room is out of range" in compliance.text() and "waits for its room" in compliance.text()
    compliance.go("/quality/")
    compliance.follow(compliance.page.get_by_role("link", name=re.compile("^I[0-9A-F]{8}$")))
    assert "Pressure of Buffer room out of range: 0.004 in. w.c." in compliance.text()
    compliance.act("Name who investigates", {"owner_id": str(pharmacy.actors["compliance"].id), "due_on": str(pharmacy.today)})
    compliance.act("Begin the investigation")
    compliance.act("Record the cause", {"kind": "equipment", "text": "the closer of the door is worn"})
    compliance.act("Plan an action", {"kind": "preventive", "text": "a new closer", "owner_id": str(pharmacy.actors["technician"].id)})
    assert "a new closer" in compliance.text() and "no corrective action is planned" in compliance.text()
    incident = compliance.page.url

    compliance.go(f"{site}probes/")
    compliance.submit(f"form[action='{site}probes/add/']", {"name": "Probe 1"})
    compliance.page.get_by_role("button", name="Give a token").click()
    compliance.page.get_by_text("shown this once").wait_for()

    pages = ("/sites/", site, *(f"{site}{p}/" for p in ("round", "cleaning", "samples", "equipment", "probes", "licences")),
             incident, "/quality/", "/quality/open/", "/quality/due/?days=90", "/team/matrix/")
    for path in pages:
        compliance.go(path)
        phone.go(path)
    for pattern in ("Buffer room", "Hood 1", "Refrigerator 1"):
        phone.go(site)
        phone.follow(phone.page.locator("main").get_by_role("link", name=pattern, exact=True))
    troubles[:] = [t for t in troubles if "409" not in t and "422" not in t]  # the refusal that was provoked
    assert troubles == []
