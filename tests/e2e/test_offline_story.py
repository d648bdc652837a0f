# SPDX-License-Identifier: Apache-2.0
"""A visit is documented on a phone without a network; the browser is closed and opened again; the line comes back.

What was written is on record once; what was changed meanwhile is shown beside it, and the nurse chooses.
"""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, Playwright, expect, sync_playwright
from tests.e2e.phone import Phone

from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import Handover, Miss, SectionEntry
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.clock import now
from openinfusion.platform.scope import entered
from openinfusion.therapy import public as therapy

PIN = "271828"


@pytest.fixture
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture
def visit_id(pharmacy: Any) -> UUID:
    """A visit of the nurse, confirmed, an hour from now."""
    a = pharmacy.actors
    with entered(pharmacy.organization_id):
        patient_id = patients.register(demographics=Demographics(
            "Sampleton", "Amara", date(1968, 7, 14), Sex.FEMALE, Address("2 Sample Way", "", "Springfield", "IL", "62701"),
        ), by=a["intake"])
        patients.record_no_known_allergies(patient_id=patient_id, by=a["pharmacist"])
        therapy_id = therapy.begin_therapy(
            patient_id=patient_id, drug_code="ceftriaxone", therapy_class="", diagnosis="M86.9", site_id=pharmacy.site_id,
            prescriber="Lena Fictional, MD", start_on=pharmacy.today, by=a["pharmacist"])
        made = nursing.request_visit(therapy_id=therapy_id, purpose="weekly infusion", by=a["nurse_manager"])
        start = now() + timedelta(hours=1)
        nursing.offer_visit(visit_id=made, nurse_id=a["nurse"].id, planned_start=start, planned_end=start + timedelta(hours=2),
                            by=a["nurse_manager"])
        for step in ("accept", "confirm"):
            nursing.advance_visit(visit_id=made, step=step, by=a["nurse"])
    return made


def sign_in(page: Page, address: str, pharmacy: Any) -> None:
    page.goto(f"{address}/accounts/login/?next=/nursing/day/")
    page.get_by_label("Email").fill(pharmacy.emails["nurse"])
    page.get_by_label("Password").fill(pharmacy.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/nursing/day/**")


def write(page: Page, section: str, said: dict[str, Any]) -> None:
    form = page.locator(f"#s-{section} form")
    for name, value in said.items():
        field = form.locator(f"[name={name}]")
        if isinstance(value, list):
            for one in value:
                form.locator(f"[name={name}][value='{one}']").check()
        elif field.first.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.get_by_role("button", name="Write").click()
    expect(page.locator(f"#s-{section} .chip")).to_contain_text("on this phone")


def unlock(page: Page) -> None:
    page.locator("#pin").fill(PIN)
    page.get_by_role("button", name="Open", exact=True).click()


def test_a_visit_without_a_network_is_on_record_once_and_a_conflict_is_chosen(
    playwright: Playwright, address: str, pharmacy: Any, visit_id: UUID, tmp_path: Path,
) -> None:
    troubles: list[str] = []
    phone = Phone(playwright, tmp_path / "phone", address, troubles)
    prepare(phone, pharmacy)
    document(phone)
    change_at_the_desk(pharmacy, visit_id)
    come_back(phone, pharmacy, visit_id)
    assert troubles == []


def prepare(phone: Phone, pharmacy: Any) -> None:
    """With a network: the phone is registered, and takes the day along."""
    with phone.open(offline=False) as (_, page):
        sign_in(page, phone.address, pharmacy)
        phone.look(page, "register")
        page.locator("#name").fill("Test phone")
        page.locator("#pin").fill(PIN)
        page.get_by_role("button", name="Register").click()
        page.get_by_role("button", name="Prepare for the day").click()
        expect(page.get_by_text("SAMPLETON, Amara")).to_be_visible()
        expect(page.get_by_text("This page opens without a network.")).to_be_visible()
        phone.look(page, "list")
        stored = page.evaluate("""() => new Promise(done => { const ask = indexedDB.open("nursing-day", 1); ask.onsuccess = () => {
            const all = ask.result.transaction("packets").objectStore("packets").getAll();
            all.onsuccess = () => done(all.result.map(x => new TextDecoder("latin1").decode(x.text)).join("")); }; })""")
        assert "SAMPLETON" not in stored and len(stored) > 1000


def document(phone: Phone) -> None:
    """Without a network, from a closed browser: the visit is begun and written; the browser is closed again."""
    with phone.open(offline=True) as (_, page):
        page.goto(f"{phone.address}/nursing/day/")
        page.locator("#pin").fill("000000")
        page.get_by_role("button", name="Open", exact=True).click()
        expect(page.get_by_text("That is not the PIN")).to_be_visible()
        unlock(page)
        page.get_by_role("link", name="Open", exact=True).click()
        page.get_by_role("button", name="Set out").click()
        page.get_by_role("button", name="Arrived").click()
        write(page, "identity", {"identifiers": ["name", "birth date"]})
        phone.look(page, "identify")
        page.get_by_role("button", name="Next: Vitals").click()
        form = page.locator("#s-vitals form")
        form.locator("[name=temperature_c]").fill("38.9")
        expect(page.get_by_text("outside the usual 36.0 to 38.0")).to_be_visible()
        write(page, "vitals", {"temperature_c": "36.8", "pulse_per_min": "72", "respirations_per_min": "14", "systolic_mmhg": "122",
                               "diastolic_mmhg": "78"})
        phone.look(page, "vitals")
        page.get_by_role("button", name="Next: Line").click()
        write(page, "line", {"line_site": "left arm, clean", "line_flushes": "yes", "line_blood_return": "yes"})
        expect(page.locator("#line")).to_contain_text("5 not sent yet")
        phone.look(page, "line")


def change_at_the_desk(pharmacy: Any, visit_id: UUID) -> None:
    """Meanwhile somebody helped at the desk: the visit was begun there by telephone, and the line written down."""
    nurse = pharmacy.actors["nurse"]
    with entered(pharmacy.organization_id):
        assert (nursing.visit(visit_id).state, SectionEntry.objects.filter(visit_id=visit_id).count()) == ("confirmed", 0)
        for step in ("set_out", "arrive"):
            nursing.advance_visit(visit_id=visit_id, step=step, by=nurse)
        nursing.write_section(visit_id=visit_id, section="line", by=nurse,
                              values={"line_site": "right arm, by telephone", "line_flushes": "yes"})


def come_back(phone: Phone, pharmacy: Any, visit_id: UUID) -> None:
    """The line is back: the steps that were taken meanwhile are let go, the rest is sent, the conflict is chosen."""
    with phone.open(offline=False) as (_, page):
        page.goto(f"{phone.address}/nursing/day/")
        unlock(page)
        expect(page.locator("#line")).to_contain_text("You are signed off. Nothing is lost")
        sign_in(page, phone.address, pharmacy)
        unlock(page)
        page.get_by_role("button", name="Not sent").click()
        for step in ("set_out", "arrive"):
            held = page.locator(f"[data-item={step}]")
            expect(held).to_contain_text("not accepted")
            held.get_by_role("button", name="Let go of this step").click()
            page.get_by_role("button", name="Send now").click()
        conflict = page.locator("[data-item=line]")
        expect(conflict).to_contain_text("two versions")
        expect(conflict).to_contain_text("left arm, clean")
        expect(conflict).to_contain_text("right arm, by telephone")
        phone.look(page, "conflict")
        conflict.get_by_role("button", name="Keep the phone's").click()
        expect(page.get_by_text("Everything is sent")).to_be_visible()
        phone.look(page, "sent")
    with entered(pharmacy.organization_id):
        entries = SectionEntry.objects.filter(visit_id=visit_id).order_by("made_at")
        assert [(e.section, e.stands) for e in entries] == [("line", False), ("identity", True), ("vitals", True), ("line", True)]
        assert entries[3].against == 1 and entries[3].device is not None
        assert len(nursing.record(visit_id).vitals) == 1
        assert nursing.record(visit_id).line_site == "left arm, clean"


def test_a_visit_that_does_not_take_place_and_a_note_for_the_next_nurse_wait_for_the_line(
    playwright: Playwright, address: str, pharmacy: Any, visit_id: UUID, tmp_path: Path,
) -> None:
    troubles: list[str] = []
    phone = Phone(playwright, tmp_path / "phone", address, troubles, "door")
    prepare(phone, pharmacy)
    with phone.open(offline=True) as (_, page):
        page.goto(f"{phone.address}/nursing/day/")
        unlock(page)
        page.get_by_role("link", name="Open", exact=True).click()
        page.get_by_role("button", name="Set out").click()
        page.locator("#act-miss summary").click()
        form = page.locator("#act-miss form")
        form.get_by_role("button", name="It does not take place").click()
        expect(form.locator(".fault")).to_contain_text("Why: is needed")
        form.locator("[name=kind]").select_option("missed")
        form.locator("[name=reason_code]").select_option("not_home")
        form.locator("[name=next_step]").select_option("call_prescriber")
        form.get_by_role("button", name="It does not take place").click()
        expect(form.locator(".fault")).to_contain_text("Tell first:")
        for one in ("prescriber", "pharmacist", "nurse manager", "patient"):
            form.locator(f"[name=told][value='{one}']").check()
        phone.look(page, "miss")
        form.get_by_role("button", name="It does not take place").click()
        expect(page.locator("#act-miss")).to_have_count(0)
        page.get_by_role("button", name="Sign", exact=True).click()
        page.locator("#act-handover summary").click()
        note = page.locator("#act-handover form")
        note.locator("[name=situation]").fill("Nobody opened at ten and at half past.")
        note.locator("[name=recommendation]").fill("Call before you set out.")
        note.get_by_role("button", name="Hand over").click()
        expect(page.locator("#act-handover summary")).to_contain_text("kept on this phone")
        assert nursing_state(pharmacy, visit_id) == "confirmed"
    with phone.open(offline=False) as (_, page):
        sign_in(page, phone.address, pharmacy)
        unlock(page)
        expect(page.get_by_text("1 visits on this phone")).to_be_visible()
        expect(page.locator("#line")).to_be_hidden()
        page.wait_for_function("() => document.title === 'My day'")
    with entered(pharmacy.organization_id):
        assert nursing.visit(visit_id).state == "missed"
        assert [(m.reason_code, m.next) for m in Miss.objects.filter(visit_id=visit_id)] == [("not_home", "call_prescriber")]
        (note_kept,) = Handover.objects.filter(visit_id=visit_id)
        assert note_kept.recommendation == "Call before you set out."
    assert troubles == []


def nursing_state(pharmacy: Any, visit_id: UUID) -> str:
    with entered(pharmacy.organization_id):
        return nursing.visit(visit_id).state
