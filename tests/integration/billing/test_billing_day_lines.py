# SPDX-License-Identifier: Apache-2.0
"""Days on a claim: held by a stay and given back, ranked beside another therapy, counted again; unbilled work is found."""
from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from openinfusion.billing import public as billing
from openinfusion.billing.actions.day_lines import drop_days
from openinfusion.billing.actions.recount import recount
from openinfusion.billing.actions.stays import end_stay, enter_stay
from openinfusion.billing.models import Claim, ClaimLine, PerDiemDay, Stay
from openinfusion.exchange import public as exchange
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.roles import Role
from openinfusion.platform.clock import today

HERE = "America/Chicago"


@pytest.fixture
def claim(thread: Any) -> billing.ClaimFact:
    """A delivered therapy of seven days from today, its plan signed."""
    thread.delivered()
    found = billing.claims_of(Claim.objects.get().therapy_id)[0]
    thread.sign_plan(found.therapy_id)
    thread.bench.tell()
    return billing.claim(found.id)


def days_of(claim_id: Any) -> list[tuple[str, int]]:
    return [(line.code, line.units) for line in billing.claim(claim_id).lines if line.kind == "per_diem"]


def test_a_stay_takes_its_days_out_and_the_return_brings_them_back(thread: Any, claim: billing.ClaimFact) -> None:
    first = today(HERE)
    stay = enter_stay(patient_id=claim.patient_id, kind="inpatient", admitted_on=first + timedelta(days=2), by=thread.biller)
    assert days_of(claim.id) == [("S9500", 2)] and PerDiemDay.objects.count() == 2
    less = billing.claim(claim.id)
    assert less.charge_cents < claim.charge_cents and less.charge_cents == sum(x.charge_cents for x in less.lines)
    end_stay(stay_id=stay, returned_on=first + timedelta(days=4), by=thread.biller)
    assert sorted(days_of(claim.id)) == [("S9500", 2), ("S9500", 3)] and PerDiemDay.objects.count() == 5
    spans = [(x.first_on, x.last_on) for x in billing.claim(claim.id).lines if x.kind == "per_diem"]
    assert spans == [(first, first + timedelta(days=1)), (first + timedelta(days=4), first + timedelta(days=6))]
    with pytest.raises(Refused, match="entered already"):
        end_stay(stay_id=stay, returned_on=first + timedelta(days=5), by=thread.biller)


def test_what_is_wrong_about_a_stay_is_said_and_changes_nothing(thread: Any, claim: billing.ClaimFact) -> None:
    first = today(HERE)
    with pytest.raises(Malformed, match="it is one of"):
        enter_stay(patient_id=claim.patient_id, kind="holiday", admitted_on=first, by=thread.biller)
    with pytest.raises(Malformed, match="after the admission"):
        enter_stay(patient_id=claim.patient_id, kind="ed", admitted_on=first, returned_on=first, by=thread.biller)
    stay = enter_stay(patient_id=claim.patient_id, kind="ed", admitted_on=first, by=thread.biller)
    assert days_of(claim.id) == [("S9500", 7)]  # this contract holds on inpatient days only
    with pytest.raises(Malformed, match="another stay"):
        enter_stay(patient_id=claim.patient_id, kind="inpatient", admitted_on=first + timedelta(days=1), by=thread.biller)
    with pytest.raises(Malformed, match="after the admission"):
        end_stay(stay_id=stay, returned_on=first, by=thread.biller)
    assert Stay.objects.count() == 1


def test_days_dropped_in_the_middle_make_two_lines_and_the_sums_agree(thread: Any, claim: billing.ClaimFact) -> None:
    rows = list(PerDiemDay.objects.select_related("line", "line__claim").order_by("day"))
    assert drop_days([rows[3]]) == 1
    lines = list(ClaimLine.objects.filter(claim_id=claim.id, kind="per_diem").order_by("first_on"))
    assert [x.units for x in lines] == [3, 3] and len({x.control for x in lines}) == 2
    assert set(PerDiemDay.objects.values_list("line_id", flat=True)) == {x.id for x in lines}
    assert Claim.objects.get().charge_cents == sum(x.charge_cents for x in ClaimLine.objects.all())
    recount(claim_id=claim.id, by=thread.biller)
    assert PerDiemDay.objects.count() == 7 and sum(n for _, n in days_of(claim.id)) == 7


def test_counting_again_mends_the_drug_and_only_what_is_here(thread: Any, claim: billing.ClaimFact) -> None:
    drug = ClaimLine.objects.get(kind="drug")
    ClaimLine.objects.filter(pk=drug.pk).update(units=60, modifiers=["KX"])
    recount(claim_id=claim.id, by=thread.biller)
    drug.refresh_from_db()
    assert (drug.units, drug.modifiers) == (56, ["JZ"])
    exchange.send_ready_claims(by=thread.biller)
    with pytest.raises(Refused, match="here"):
        recount(claim_id=claim.id, by=thread.biller)


def test_unbilled_work_is_found_with_its_reason_and_its_turn(
    thread: Any, claim: billing.ClaimFact, client: Client, account: Callable[..., Any],
) -> None:
    client.force_login(account(Role.BILLER))
    page = client.get("/billing/unbilled/").content.decode()
    assert claim.control in page and "it may be sent" in page
    assert claim.control in client.get("/billing/unbilled.csv").content.decode()
    assert claim.control not in client.get("/billing/unbilled/?kind=rejected").content.decode()
    rows = list(PerDiemDay.objects.select_related("line", "line__claim").order_by("day"))
    drop_days([rows[3]])
    assert "1 days of S9500" in client.get("/billing/unbilled/?kind=days+missed").content.decode()
    ClaimLine.objects.filter(kind="drug").update(source_kind="x")
    ClaimLine.objects.filter(kind="per_diem").update(source_kind="x")
    assert "no line of any claim names it" in client.get("/billing/unbilled/?q=delivery").content.decode()


def test_the_pages_of_days_take_a_stay_and_a_return(
    thread: Any, claim: billing.ClaimFact, client: Client, account: Callable[..., Any],
) -> None:
    client.force_login(account(Role.BILLER))
    first = today(HERE)
    url = f"/billing/days/{claim.patient_id}/"
    assert "S9500" in client.get(url).content.decode() and client.get(f"{url}days.csv").status_code == 200
    given = {"kind": "inpatient", "admitted_on": (first + timedelta(days=1)).isoformat(), "returned_on": "", "note": "example ward"}
    assert client.post(f"{url}stays/", given).status_code == 302
    stay = Stay.objects.get()
    assert "still there" in client.get(url).content.decode()
    assert client.post(f"{url}stays/{stay.id}/", {"returned_on": (first + timedelta(days=3)).isoformat()}).status_code == 302
    assert client.post(f"/billing/claims/{claim.id}/count/").status_code == 302
    assert client.get(f"/billing/claims/{claim.id}/").status_code == 200
    exchange.send_ready_claims(by=thread.biller)
    for file in exchange.transmissions("queued"):
        exchange.decide_transmission(transmission_id=file.id, step="by_hand", by=thread.biller)
    Stay.objects.update(returned_on=None)
    assert "correct the claim" in client.get("/billing/unbilled/?kind=billed+too+much").content.decode()
    client.force_login(account(Role.NURSE))
    assert client.get(url).status_code == 403 and client.post(f"{url}stays/", given).status_code == 409
