# SPDX-License-Identifier: Apache-2.0
"""Criteria as versions: entered by one person, approved by another, in force from their day; pages, queue and API."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from openinfusion.catalog import public as catalog
from openinfusion.kernel.refusal import Malformed, NotFound, Refused
from openinfusion.kernel.roles import Role
from openinfusion.payers import models, queries
from openinfusion.payers import public as payers
from openinfusion.platform.house_day import house_today

FIRST = date(2026, 11, 1)
LINES = ["tb: document tb_test | a test for tuberculosis", "weight: weight within 30 days | a weight within 30 days"]
SAID = {"source": "Policy 12, page 3", "why": "the payer's new policy"}


@pytest.fixture
def office(desk: SimpleNamespace, someone: Callable[..., Any]) -> SimpleNamespace:
    catalog.load_catalog(by=someone(Role.ADMINISTRATOR))
    desk.writer, desk.pharmacist = someone(Role.AUTHORIZATION), someone(Role.PHARMACIST)
    return desk


def entered(office: SimpleNamespace, **more: Any) -> UUID:
    said: dict[str, Any] = {"series": "infliximab", "first": FIRST, "lines": LINES, "classes": ["biologic"], "drugs": ["infliximab"],
                            "by": office.writer, **SAID, **more}
    return payers.draft_criteria(**said)


def approve(office: SimpleNamespace, id: UUID) -> None:
    payers.advance_criteria(criteria_id=id, step="propose", by=office.writer)
    payers.advance_criteria(criteria_id=id, step="approve", by=office.pharmacist.signing("test"))


def asked(office: SimpleNamespace, on: date) -> list[str]:
    return [c.code for c in payers.criteria_of(office.plans["meridian_ppo"].id, "biologic", "infliximab", on)]


def test_a_version_takes_the_place_of_the_block_on_file_from_its_day(office: SimpleNamespace) -> None:
    before = asked(office, FIRST)
    assert "tuberculosis" in before and "tb" not in before
    made = entered(office)
    payers.advance_criteria(criteria_id=made, step="propose", by=office.writer)
    assert asked(office, FIRST) == before
    with pytest.raises(Refused, match="may not approve"):
        payers.advance_criteria(criteria_id=made, step="approve", by=office.writer.signing("test"))
    payers.advance_criteria(criteria_id=made, step="approve", by=office.pharmacist.signing("test"))
    assert {"tb", "weight"} <= set(asked(office, FIRST)) and "tuberculosis" not in asked(office, FIRST)
    assert "tuberculosis" in asked(office, FIRST - timedelta(days=1))
    c = next(c for c in payers.criteria_of(office.plans["meridian_ppo"].id, "biologic", "infliximab", FIRST) if c.code == "tb")
    assert c.source is not None and c.source.signed_by == office.pharmacist.name
    with pytest.raises(DatabaseError), transaction.atomic():
        models.CriteriaVersion.objects.filter(pk=made).update(approved_by=office.writer.id)


def test_a_payers_own_criteria_are_asked_by_that_payer_alone_and_nothing_asked_is_a_version_too(office: SimpleNamespace) -> None:
    made = entered(office, series="prairie_infliximab", payer_id=office.payers["prairie"].id, lines=["letter_two: said | a second letter"])
    approve(office, made)
    assert "letter_two" not in asked(office, FIRST)
    assert "letter_two" in [c.code for c in payers.criteria_of(office.plans["prairie_ppo"].id, "biologic", "infliximab", FIRST)]
    approve(office, entered(office, lines=[]))
    assert "tuberculosis" not in asked(office, FIRST)


def test_faults_are_named_and_nothing_is_kept(office: SimpleNamespace) -> None:
    for more, why in (
        ({"lines": ["nothing"]}, "write “code"), ({"source": " "}, "where the payer published"), ({"classes": ["magic"]}, "magic"),
        ({"drugs": ["magic"]}, "magic"), ({"types": ["magic"]}, "magic"), ({"series": "Bad Name"}, "small letters"),
    ):
        with pytest.raises(Malformed, match=why):
            entered(office, **more)
    with pytest.raises(Refused):
        entered(office, by=office.nurse)
    assert not models.CriteriaVersion.objects.exists()
    with pytest.raises(NotFound):
        queries.criteria_version(UUID(int=1))


def test_one_draft_is_open_and_only_its_author_changes_it(office: SimpleNamespace) -> None:
    made = entered(office)
    with pytest.raises(Refused, match="open draft"):
        entered(office)
    with pytest.raises(Refused, match="changes it"):
        payers.change_criteria(criteria_id=made, first=FIRST, lines=LINES, by=office.biller, **SAID)
    payers.change_criteria(criteria_id=made, first=FIRST, lines=LINES[:1], by=office.writer, **SAID)
    assert queries.criteria_version(made).lines == (LINES[0],)
    payers.advance_criteria(criteria_id=made, step="propose", by=office.writer)
    with pytest.raises(Refused, match="it is proposed"):
        payers.change_criteria(criteria_id=made, first=FIRST, lines=LINES, by=office.writer, **SAID)
    rows = payers.waiting(office.pharmacist).rows
    assert [w.title for w in rows if w.kind == "Criteria"] == ["infliximab, from 01-Nov-2026"]
    payers.advance_criteria(criteria_id=made, step="hand_back", reason="page 4 differs", by=office.writer)
    payers.advance_criteria(criteria_id=made, step="withdraw", reason="superseded", by=office.writer)
    assert queries.criteria_version(made).state == "withdrawn"


def test_what_changes_nothing_or_begins_on_a_taken_day_is_not_proposed(office: SimpleNamespace) -> None:
    approve(office, entered(office))
    again = entered(office)
    with pytest.raises(Refused) as no:
        payers.advance_criteria(criteria_id=again, step="propose", by=office.writer)
    assert {r.code for r in no.value.reasons} == {"nothing-changed", "day-taken"}


def test_the_pages_and_the_api_take_a_version_through(office: SimpleNamespace, browser: Callable[..., Client]) -> None:
    client, today = browser(Role.AUTHORIZATION), house_today()
    page = client.get("/payers/criteria/").content.decode()
    assert "Authorization criteria" in page and "infliximab" in page
    assert "infliximab" not in client.get("/payers/criteria/?q=iron").content.decode().split("<main")[1].lower().replace("infliximab</option>", "")
    form = client.get("/payers/criteria/new/?copy=infliximab").content.decode()
    assert "tuberculosis_screen" in form
    assert client.get("/payers/criteria/new/?copy=nothing").status_code == 404
    sent = {"series": "infliximab", "payer_id": "", "classes": ["biologic"], "drugs": ["infliximab"], "first": today.isoformat(),
            "lines": "\n".join(LINES), **SAID}
    bad = client.post("/payers/criteria/enter/", {**sent, "lines": "nothing"})
    assert bad.status_code == 422 and not models.CriteriaVersion.objects.exists()
    assert client.post("/payers/criteria/enter/", sent).status_code == 302
    row = models.CriteriaVersion.objects.get()
    assert client.get(f"/payers/criteria/{row.id}/edit/").status_code == 200
    changed = {k: v for k, v in sent.items() if k not in ("series", "payer_id")} | {"lines": LINES[0], "version": row.version}
    assert client.post(f"/payers/criteria/{row.id}/change/", changed).status_code == 302
    page = client.get(f"/payers/criteria/{row.id}/").content.decode()
    assert "Comes" in page and "Goes" in page and "Propose" in page
    assert client.post(f"/payers/criteria/{row.id}/step/propose/", {}).status_code == 302
    table = client.get("/payers/criteria/table/").content.decode()
    assert "tuberculosis: document" in table
    said = client.get(f"/api/payers/criteria?on={today.isoformat()}").json()
    assert {s["series"] for s in said} >= {"infliximab", "iron"}
    body = {"series": "iron", "first": today.isoformat(), "lines": LINES, **SAID}
    made = client.post("/api/payers/criteria", body, content_type="application/json").json()["id"]
    assert client.post(f"/api/payers/criteria/{made}/steps/withdraw", {"reason": "x"}, content_type="application/json").status_code == 200
    assert browser(Role.NURSE).get("/payers/criteria/").status_code in (403, 404)
