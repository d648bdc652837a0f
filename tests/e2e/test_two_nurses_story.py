# SPDX-License-Identifier: Apache-2.0
"""A visit of two nurses on the desk's page and on a phone, and a package's code read without the house as the house reads it."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect
from tests.e2e.conftest import FLAGS, _chromium
from tests.e2e.phone import Phone
from tests.e2e.test_offline_story import playwright, prepare, sign_in, unlock, visit_id

from openinfusion.inventory.public import read_scan
from openinfusion.kernel.refusal import Malformed
from openinfusion.kernel.roles import Role
from openinfusion.nursing import public as nursing
from openinfusion.platform.actor import Actor
from openinfusion.platform.scope import entered
from openinfusion.team import public as team
from openinfusion.team.domain.competency import requirements

__all__ = ["playwright", "visit_id"]
GTIN = "00399903007811"
CODES = [
    f"]d201{GTIN}1727123110AB12", f"(01){GTIN}(17)280200(10)ab/1", f"01{GTIN}10AB1\x1d17271231", f"01{GTIN}1727123110AB12\x1d21SER99",
    f"01{GTIN}", f"01{GTIN}1727123110", "0100399903007812172712311" + "0AB", f"01{GTIN}1727133110AB", "(01)abc", f"01{GTIN}172712319912",
    f"<GS>01{GTIN}10X9<GS>17270228", GTIN, "OI1*ABCDEF*1*K", "", "hello",
]


def _read(code: str) -> dict[str, str] | None:
    """What the house reads: product, lot and expiry, or nothing where one of them is missing."""
    try:
        read = read_scan(code)
    except Malformed:
        return None
    if not (read.gtin and read.lot and read.expires_on):
        return None
    return {"gtin": read.gtin, "lot": read.lot.upper(), "expires_on": read.expires_on.isoformat(), "serial": read.serial}


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium beside the phone's, of the same playwright."""
    found = playwright.chromium.launch(executable_path=_chromium(), args=FLAGS)
    yield found
    found.close()


@pytest.fixture
def signed(browser: Browser, address: str, pharmacy: Any) -> Iterator[Page]:
    page = browser.new_page()
    sign_in(page, address, pharmacy)
    yield page
    page.close()


def test_the_phone_reads_a_package_as_the_house_does(signed: Page) -> None:
    found = signed.evaluate("async (codes) => { const m = await import('/nursing/day/gs1.js'); return codes.map((c) => m.read(c)); }", CODES)
    assert dict(zip(CODES, found, strict=True)) == {c: _read(c) for c in CODES}
    assert sum(x is not None for x in found) == 5


def test_the_phone_stops_a_package_that_was_not_brought_or_may_not_be_given(signed: Page) -> None:
    held = {"gtin": GTIN, "lot": "AB12", "name": "factor VIII", "expires_on": "2099-12-31", "left": 1, "against": []}
    ask = """async ([packages, drug, code]) => {
        const m = await import('/nursing/day/visit.js');
        return m.packaged({ packages, values: { drug }, zone: 'America/Chicago' }, code);
    }"""
    code, past = f"01{GTIN}1799123110AB12", f"01{GTIN}1720123110AB12"
    assert signed.evaluate(ask, [[held], [], code]) == []
    assert signed.evaluate(ask, [[held | {"left": 2, "serials": ["S1"]}], [{"code": f"{code}\x1d21S2"}], f"{code}\x1d21S3"]) == []
    for packages, drug, scanned, word in (
        ([], [], code, "not among what was delivered"), ([held | {"lot": "CD34"}], [], code, "not among what was delivered"),
        ([held | {"against": ["lot AB12 is recalled"]}], [], code, "recalled"), ([held], [], past, "our record of lot"),
        ([held | {"expires_on": "2020-12-31"}], [], past, "expired on"), ([held], [{"code": code}], code, "given already"),
        ([held], [], f"01{GTIN}", "no product with its lot"),
        ([held | {"left": 2}], [{"code": f"{code}\x1d21S1"}], f"{code}\x1d21S1", "serial S1) was scanned already"),
        ([held | {"left": 2}], [{"code": f"{code}\x1d21S1", "lot": "AB12"}], f"{code}\x1d21S1", "scanned already"),
        ([held | {"left": 2, "serials": ["S1"]}], [], f"{code}\x1d21S1", "scanned already"),
    ):
        assert word in "; ".join(signed.evaluate(ask, [packages, drug, scanned])), word


def test_the_phone_knows_what_lies_on_a_suite_s_shelf_and_stops_the_rest(signed: Page) -> None:
    lot = {"section": "drug", "gtin": GTIN, "lot": "AB12", "name": "iron", "holds": "100 mg", "expires_on": "2099-12-31", "left": 3,
           "most": 2, "scanned": 0, "of_lot": 0, "against": [], "serials": []}
    brought = {"gtin": GTIN, "lot": "AB12", "name": "iron", "expires_on": "2099-12-31", "left": 1, "against": []}
    ask = """async ([shelf, packages, drug, values]) => {
        const m = await import('/nursing/day/visit.js');
        return m.inSuite({ shelf, packages, in_suite: true, values: { drug }, zone: 'America/Chicago' }, values);
    }"""
    code = f"01{GTIN}1799123110AB12"
    for shelf, packages, drug, more in (
        ([lot], [], [], {}), ([lot], [], [{"code": code}], {}), ([lot], [brought], [], {"drug_from": "shelf"}),
        ([], [brought], [], {}), ([lot | {"scanned": 1, "of_lot": 1, "most": 1}], [], [{"code": code, "lot": "AB12"}], {}),
    ):
        assert signed.evaluate(ask, [shelf, packages, drug, {"code": code} | more]) == []
    for shelf, packages, drug, more, word in (
        ([], [], [], {}, "not among what was delivered"), ([lot], [brought], [], {}, "Say above which one this is"),
        ([lot | {"against": ["lot AB12 is recalled"]}], [], [], {}, "recalled"),
        ([lot], [], [{"code": code}, {"code": code, "lot": "AB12"}], {}, "takes no further package"),
        ([lot | {"left": 1}], [], [{"code": code}], {}, "is free on the suite's shelf"),
        ([lot | {"expires_on": "2099-11-30"}], [], [], {}, "our record of lot"),
        ([lot | {"section": "shelf"}], [], [], {"drug_from": "shelf"}, "not among what this visit's orders ask for"),
        ([lot | {"serials": ["S1"]}], [], [], {"code": f"{code}\x1d21S1"}, "serial S1) was scanned already"),
    ):
        assert word in "; ".join(signed.evaluate(ask, [shelf, packages, drug, {"code": code} | more])), word


def _second(pharmacy: Any) -> Actor:
    """Another nurse who may do the same."""
    a = pharmacy.actors
    id = team.add_person(email=f"second.{pharmacy.organization_id.hex}@example.org", name="Sam Second", roles=frozenset({Role.NURSE}),
                         by=a["administrator"])
    for one in requirements():
        if one.task == "infusion_nursing":
            team.record_competency(user_id=id, element=one.element, on=pharmacy.today, passed=True, by=a["nurse_manager"])
    team.record_credential(user_id=id, kind="nurse", state="IL", number="041-0009", expires_on=pharmacy.today + timedelta(days=90),
                           by=a["administrator"])
    like = a["nurse"]
    return Actor(id, "Sam Second", like.organization_id, like.roles, like.permissions, like.site_id)


def test_nobody_sets_out_alone_on_the_phone_and_two_are_asked_at_the_desk(
    playwright: Playwright, visitor: Callable[..., Any], address: str, pharmacy: Any, visit_id: UUID, tmp_path: Path,
    troubles: list[str],
) -> None:
    phone = Phone(playwright, tmp_path / "phone", address, troubles)
    with entered(pharmacy.organization_id):
        second = _second(pharmacy)
        nursing.ask_for_second(visit_id=visit_id, why="unsafe_address", note="no light in the yard", by=pharmacy.actors["nurse_manager"])
    prepare(phone, pharmacy)
    with phone.open(offline=True) as (_, page):
        page.goto(f"{address}/nursing/day/")
        unlock(page)
        page.get_by_role("link", name="Open").click()
        expect(page.get_by_text("Do not begin alone")).to_be_visible()
        expect(page.get_by_role("button", name="Set out")).to_have_count(0)
        phone.look(page, "two-nurses")
    desk(visitor, pharmacy, visit_id, second)
    with phone.open(offline=False) as (_, page):
        sign_in(page, address, pharmacy)
        unlock(page)
        page.get_by_role("button", name="Prepare for the day").click()
        page.get_by_role("link", name="Open").click()
        expect(page.get_by_text("Sam Second (accepted)")).to_be_visible()
        expect(page.get_by_role("button", name="Set out")).to_be_visible()
    assert troubles == []


def desk(visitor: Callable[..., Any], pharmacy: Any, visit_id: UUID, second: Actor) -> None:
    """The manager offers the second place on the visit's page; the second accepts; the page is looked at, wide and narrow."""
    manager = visitor("nurse_manager")
    manager.go(f"/nursing/visits/{visit_id}/")
    expect(manager.page.get_by_text("Nobody goes to this address alone", exact=True)).to_be_visible()
    manager.submit(f"form[action$='/{visit_id}/second/offer/']", {"nurse_id": str(second.id)})
    assert "Sam Second" in manager.text() and "offered" in manager.text()
    with entered(pharmacy.organization_id):
        nursing.advance_second(visit_id=visit_id, step="accept", by=second)
    visitor("nurse_manager", phone=True).go(f"/nursing/visits/{visit_id}/")
    manager.go("/nursing/board/")
