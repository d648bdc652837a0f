# SPDX-License-Identifier: Apache-2.0
"""An infusion that is raised step by step on a phone without a network: the same stops as the house, to the last signature."""
from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, Playwright, expect
from tests.e2e.phone import Phone
from tests.e2e.test_offline_story import playwright, prepare, sign_in, unlock, write
from tests.e2e.test_two_nurses_story import browser, signed

from openinfusion.nursing import public as nursing
from openinfusion.nursing.domain.infusion_record import RateStep
from openinfusion.nursing.domain.rate_stop import RatePlan, Running, against_rate
from openinfusion.nursing.models import Reaction, SectionEntry
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.clock import now
from openinfusion.platform.scope import entered
from openinfusion.therapy import public as therapy

__all__ = ["browser", "playwright", "signed"]
NOON = datetime(2026, 11, 23, 18, tzinfo=UTC)
PLANS = [
    RatePlan("a", "Product A", tuple(map(Decimal, (42, 84, 168))), 30, "label"),
    RatePlan("b", "Product B", tuple(map(Decimal, (21, 42, 84, 168, 252))), 15, "label"),
    RatePlan("order", "The order's rate", (Decimal(125),), 60, "order"),
]


def _case(rng: random.Random) -> tuple[Running, RateStep, str]:
    plans = rng.sample(PLANS, rng.choice([0, 1, 1, 2]))
    run = tuple(RateStep(NOON + timedelta(minutes=m), Decimal(rng.choice([0, 21, 42, 84, 125, 168])))
                for m in sorted(rng.sample(range(120), rng.randint(0, 4))))
    now_running = Running(
        plans, rng.choice(["", "", plans[0].code if plans else ""]), run, rng.choice([None, Decimal(84)]),
        reacted_at=rng.choice([None, None, NOON]), resume_ml_per_h=rng.choice([None, Decimal(84)]), drug_scanned=rng.random() < 0.8)
    at = RateStep(NOON + timedelta(minutes=rng.randint(0, 180)), Decimal(rng.choice([0, 20, 42, 84, 100, 125, 168, 252, 300])))
    return now_running, at, rng.choice(["", plans[-1].code if plans else ""])


def _packet(r: Running, plan: str) -> dict[str, Any]:
    return {
        "plans": [{"code": p.code, "label": p.label, "rates": [str(x) for x in p.rates], "step_minutes": p.step_minutes} for p in r.plans],
        "running": {"plan": r.plan, "borne_ml_per_h": str(r.borne_ml_per_h) if r.borne_ml_per_h else None, "lowest_why": "",
                    "resume_ml_per_h": str(r.resume_ml_per_h) if r.resume_ml_per_h else None, "drug_first": True},
        "values": {"rate": [{"rate_at": s.at.isoformat(), "rate_ml_per_h": str(s.rate_ml_per_h)} for s in r.run],
                   "drug": [{"code": "x"}] if r.drug_scanned else [],
                   "reaction": {"reaction": "infusion"} if r.reacted_at else {"reaction": "none"}},
    }


def test_the_phone_judges_a_rate_as_the_house_does(signed: Page) -> None:
    rng = random.Random(7)
    cases = [_case(rng) for _ in range(600)]
    given = [[_packet(r, plan), {"rate_at": at.at.isoformat(), "rate_ml_per_h": str(at.rate_ml_per_h), "rate_plan": plan}]
             for r, at, plan in cases]
    ask = "async (cases) => { const m = await import('/nursing/day/rates.js'); return cases.map(([p, v]) => m.againstRate(p, v).length); }"
    found = signed.evaluate(ask, given)
    for count, (r, at, plan), (away, values) in zip(found, cases, given, strict=True):
        said = [x.code for x in against_rate(at, r, plan) if x.code != "other-plan"]  # a phone names one plan only
        assert count == len(said), (said, away, values)
    assert 100 < sum(count > 0 for count in found) < 500


@pytest.fixture
def visit_id(pharmacy: Any) -> UUID:
    """A visit with immune globulin, confirmed, an hour from now; nothing is known of an earlier infusion."""
    a = pharmacy.actors
    with entered(pharmacy.organization_id):
        patient_id = patients.register(demographics=Demographics(
            "Sampleton", "Amara", date(1968, 7, 14), Sex.FEMALE, Address("2 Sample Way", "", "Springfield", "IL", "62701"),
        ), by=a["intake"])
        patients.record_no_known_allergies(patient_id=patient_id, by=a["pharmacist"])
        patients.record_measurement(patient_id=patient_id, kind="weight_kg", value=Decimal(70), by=a["pharmacist"])
        therapy_id = therapy.begin_therapy(
            patient_id=patient_id, drug_code="ivig_10", therapy_class="", diagnosis="D83.9", site_id=pharmacy.site_id,
            prescriber="Lena Fictional, MD", start_on=pharmacy.today, by=a["pharmacist"])
        made = nursing.request_visit(therapy_id=therapy_id, purpose="monthly infusion", by=a["nurse_manager"])
        start = now() + timedelta(hours=1)
        nursing.offer_visit(visit_id=made, nurse_id=a["nurse"].id, planned_start=start, planned_end=start + timedelta(hours=2),
                            by=a["nurse_manager"])
        for step in ("accept", "confirm"):
            nursing.advance_visit(visit_id=made, step=step, by=a["nurse"])
    return made


def test_an_infusion_is_raised_held_after_a_reaction_and_finished_without_a_network(
    playwright: Playwright, address: str, pharmacy: Any, visit_id: UUID, tmp_path: Path,
) -> None:
    troubles: list[str] = []
    phone = Phone(playwright, tmp_path / "phone", address, troubles, "rates")
    prepare(phone, pharmacy)
    begin(phone)
    go_on(phone)
    sent_and_signed(phone, pharmacy, visit_id)
    assert troubles == []


def begin(phone: Phone) -> None:
    """Without a network: nobody chooses the product for the nurse; the first rate is the lowest; a raise too early is stopped."""
    with phone.open(offline=True) as (_, page):
        page.goto(f"{phone.address}/nursing/day/")
        unlock(page)
        page.get_by_role("link", name="Open", exact=True).click()
        page.get_by_role("button", name="Set out").click()
        page.get_by_role("button", name="Arrived").click()
        write(page, "identity", {"identifiers": ["name", "birth date"]})
        page.get_by_role("button", name="Next: Vitals").click()
        write(page, "vitals", {"temperature_c": "36.8", "pulse_per_min": "72", "respirations_per_min": "14", "systolic_mmhg": "122",
                               "diastolic_mmhg": "78"})
        page.get_by_role("button", name="Next: Line").click()
        write(page, "line", {"line_site": "left arm, clean", "line_flushes": "yes", "line_blood_return": "yes"})
        page.get_by_role("button", name="Next: Infuse").click()
        expect(page.locator(".running")).to_contain_text("Say first by whose rate steps it runs")
        expect(page.get_by_role("button", name="Start at")).to_have_count(0)
        phone.look(page, "whose")
        page.locator("#plan").select_option("gamunex_pi")
        expect(page.locator(".running")).to_contain_text("Begin at the lowest step: no earlier infusion")
        page.get_by_role("button", name="Start at 42 mL/h").click()
        expect(page.locator(".running .figure")).to_contain_text("42 mL/h for")
        page.get_by_role("button", name="Raise to 84 mL/h").click()
        expect(page.locator(".running .fault")).to_contain_text("42 mL/h runs for 30 minutes at least: 30 more")
        phone.look(page, "too-early")


def go_on(phone: Phone) -> None:
    """The browser was closed: the clock ran on. After a reaction the rate is held, lowered or stopped; the record is finished."""
    with phone.open(offline=True) as (_, page):
        page.goto(f"{phone.address}/nursing/day/")
        unlock(page)
        page.get_by_role("link", name="Open", exact=True).click()
        page.get_by_role("button", name="Infuse", exact=True).click()
        expect(page.locator(".running .figure")).to_contain_text("42 mL/h for")
        write(page, "reaction", {"reaction": "infusion", "reaction_text": "flushed", "reaction_grade": "1", "reaction_action": "watched"})
        expect(page.locator(".running")).to_contain_text("Not higher without the prescriber")
        expect(page.get_by_role("button", name="Raise to")).to_have_count(0)
        phone.look(page, "reaction")
        page.get_by_role("button", name="It is in: stop").click()
        expect(page.locator(".running .figure")).to_contain_text("Stopped")
        page.get_by_role("button", name="Next: Sign").click()
        at = datetime.now()
        write(page, "closing", {"started_at": f"{at - timedelta(minutes=5):%Y-%m-%dT%H:%M}", "ended_at": f"{at:%Y-%m-%dT%H:%M}"})
        page.get_by_role("button", name="Finish the record").click()
        expect(page.get_by_text("The record is documented: send it and sign.")).to_be_visible()
        expect(page.locator("#line")).to_contain_text("not sent yet")
        phone.look(page, "finished")


def sent_and_signed(phone: Phone, pharmacy: Any, visit_id: UUID) -> None:
    """The line is back: everything is sent once, and the nurse signs with her password."""
    with phone.open(offline=False) as (_, page):
        sign_in(page, phone.address, pharmacy)
        unlock(page)
        expect(page.locator("#line")).to_be_hidden()
        page.get_by_role("link", name="Open", exact=True).click()
        page.get_by_role("button", name="Sign", exact=True).click()
        page.locator("input[type=password]").fill(pharmacy.password)
        page.get_by_role("button", name="Sign the record").click()
        expect(page.get_by_text("No visit is on this phone")).to_be_visible()
    with entered(pharmacy.organization_id):
        assert nursing.visit(visit_id).state in {"signed", "billable"}
        rates = [e.values["rate_ml_per_h"] for e in SectionEntry.objects.filter(visit_id=visit_id, section="rate").order_by("number")]
        assert rates == ["42", "0"] and [r.rate_ml_per_h for r in nursing.record(visit_id).rates] == [42, 0]
        assert Reaction.objects.get(visit_id=visit_id).grade == 1
        assert not SectionEntry.objects.filter(visit_id=visit_id).exclude(problems=[]).exists()
