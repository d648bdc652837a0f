# SPDX-License-Identifier: Apache-2.0
"""Passing a hard stop in an emergency: a few of them, by two pharmacists, for hours, reviewed by a third."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction

from openinfusion.clinical import public as clinical
from openinfusion.clinical.domain.break_glass import passable
from openinfusion.clinical.jobs import end_passes
from openinfusion.clinical.models import BreakGlass
from openinfusion.clinical.public import Tier
from openinfusion.clinical.queries.monitoring import zone_of
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.roles import Role
from openinfusion.kernel.standing import Standing
from openinfusion.kernel.waiting import Ask
from openinfusion.patients import public as patients
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import timeline
from openinfusion.platform.permissions import system_actor
from openinfusion.therapy import public as therapy


def stopped(bench: Any) -> UUID:
    """Cefepime for somebody with anaphylaxis to ceftriaxone: the same side chain, a hard stop that may be passed."""
    patients.record_allergy(
        patient_id=bench.patient_id, substance="ceftriaxone", reaction="anaphylaxis", severity="severe", by=bench.pharmacist)
    return bench.prescription(drug_code="cefepime", interval_hours=12)


def hard(prescription_id: UUID) -> Any:
    (found,) = [f for f in clinical.findings_for(prescription_id) if f.tier is Tier.HARD]
    return found


def ask(bench: Any, prescription_id: UUID, by: Actor | None = None, *, signed: bool = True, **said: Any) -> UUID:
    values = {
        "review_id": clinical.review_id_of(prescription_id), "fingerprint": hard(prescription_id).fingerprint,
        "reason_code": "no_alternative", "note": "septic, first dose in the suite under watch", "prescriber": "Lena Fictional, MD",
        "reached_at": now() - timedelta(minutes=10), "by": (by or bench.pharmacist).signing("test" if signed else ""),
    }
    return clinical.propose_pass(**(values | said))


def codes(no: Any) -> set[str]:
    return {r.code for r in no.value.reasons}


def test_two_pharmacists_pass_it_for_hours_and_then_the_order_waits_again(
    bench: Any, someone: Callable[..., Actor]
) -> None:
    prescription_id = stopped(bench)
    with pytest.raises(Refused) as no:
        bench.verify(prescription_id)
    assert "hard-stop" in codes(no)
    made = ask(bench, prescription_id)
    with pytest.raises(Refused) as no:  # asked for is not passed
        bench.verify(prescription_id)
    assert "hard-stop" in codes(no)
    with pytest.raises(Refused) as no:
        clinical.advance_pass(pass_id=made, step="confirm", by=bench.pharmacist.signing("test"))
    assert codes(no) == {"own-pass"}
    with pytest.raises(Refused) as no:
        clinical.advance_pass(pass_id=made, step="confirm", by=bench.second_pharmacist)
    assert codes(no) == {"signature-missing"}
    clinical.advance_pass(pass_id=made, step="confirm", by=bench.second_pharmacist.signing("test"))
    bench.verify(prescription_id)
    assert clinical.verified(prescription_id)
    row = BreakGlass.objects.get(pk=made)
    assert row.ends_at - row.confirmed_at == timedelta(hours=passable()[row.code].hours)
    sentences = [line.sentence for line in timeline(subject_id=clinical.review_id_of(prescription_id))]
    assert any("Lena Fictional, MD was called" in s for s in sentences)
    house = system_actor(bench.pharmacist.organization_id)
    assert end_passes(by=house) == 0
    with time_machine.travel(now() + timedelta(hours=25)):
        assert not clinical.verified(prescription_id)  # at once, not when the job runs
        assert end_passes(by=house) == 1
        assert not clinical.verified(prescription_id)
        assert clinical.waiting(bench.pharmacist, Ask(kind="Verification")).counts["Verification"] == 1
        with pytest.raises(Refused) as no:
            bench.verify(prescription_id)
        assert "hard-stop" in codes(no)


def test_compliance_reviews_it_and_nobody_who_took_part(bench: Any, someone: Callable[..., Actor]) -> None:
    prescription_id = stopped(bench)
    made = ask(bench, prescription_id)
    pharmacists = Ask(roles=frozenset({"pharmacist"}), kind="Emergency pass")
    assert clinical.waiting(bench.second_pharmacist, pharmacists).counts["Emergency pass"] == 1
    clinical.advance_pass(pass_id=made, step="confirm", by=bench.second_pharmacist.signing("test"))
    compliance = someone(Role.COMPLIANCE, name="Cora Compliance")
    mine = Ask(roles=frozenset({"compliance"}), kind="Emergency pass")
    assert clinical.waiting(compliance, mine).counts["Emergency pass"] == 1
    with time_machine.travel(now() + timedelta(hours=73)):
        assert clinical.waiting(compliance, mine).late == 1
        clinical.advance_pass(pass_id=made, step="end", reason="the drug was changed", by=bench.pharmacist)
        both = someone(Role.PHARMACIST, Role.COMPLIANCE, name="Both")
        BreakGlass.objects.filter(pk=made).update(proposed_by=both.id)
        with pytest.raises(Refused) as no:
            clinical.advance_pass(pass_id=made, step="review", reason="fine", by=both.signing("test"))
        assert codes(no) == {"own-pass"}
        with pytest.raises(Refused):
            clinical.advance_pass(pass_id=made, step="review", by=compliance.signing("test"))
        clinical.advance_pass(pass_id=made, step="review", reason="justified; written up", by=compliance.signing("test"))
    (fact,) = clinical.passes_where(pk=made)
    assert (fact.state, fact.judgement, fact.reviewer_name) == ("reviewed", "justified; written up", "Cora Compliance")


def test_what_changed_is_not_passed(bench: Any) -> None:
    prescription_id = stopped(bench)
    made = ask(bench, prescription_id)
    with pytest.raises(Refused) as no:
        ask(bench, prescription_id, bench.second_pharmacist)
    assert codes(no) == {"asked-already"}
    patients.record_allergy(
        patient_id=bench.patient_id, substance="cefotaxime", reaction="anaphylaxis", severity="severe", by=bench.pharmacist)
    clinical.advance_pass(pass_id=made, step="confirm", by=bench.second_pharmacist.signing("test"))
    with pytest.raises(Refused) as no:
        bench.verify(prescription_id)
    assert "hard-stop" in codes(no)  # the second allergy is another stop


def test_a_stop_that_is_gone_cannot_be_confirmed_and_an_ended_order_closes_what_is_open(bench: Any) -> None:
    prescription_id = stopped(bench)
    made = ask(bench, prescription_id)
    BreakGlass.objects.filter(pk=made).update(fingerprint="0" * 32)
    with pytest.raises(Refused) as no:
        clinical.advance_pass(pass_id=made, step="confirm", by=bench.second_pharmacist.signing("test"))
    assert codes(no) == {"stop-gone"}
    therapy.steer_prescription(prescription_id=prescription_id, step="discontinue", reason="changed", by=bench.pharmacist)
    bench.tell()
    assert BreakGlass.objects.get(pk=made).state == "withdrawn"


def test_a_stop_without_a_row_is_never_passed(bench: Any) -> None:
    patients.record_allergy(
        patient_id=bench.patient_id, substance="ceftriaxone", reaction="anaphylaxis", severity="severe", by=bench.pharmacist)
    prescription_id = bench.prescription()
    assert hard(prescription_id).code == "allergy-same-drug"
    with pytest.raises(Refused) as no:
        ask(bench, prescription_id)
    assert codes(no) == {"never-passed"} and not BreakGlass.objects.exists()


def test_what_must_never_be_passed_has_no_row_and_nobody_signed_the_others() -> None:
    never = {"route-vinca-spine", "route-vinca-not-iv", "route-not-on-file", "line-osmolarity", "allergy-same-drug",
             "allergy-severe-delayed", "duplicate-same-drug", "ceftriaxone-calcium-neonate", "regimen-hold", "regimen-too-soon",
             "regimen-lifetime-beyond", "nutrition-no-bag", "lab-potassium-high", "age-ceftriaxone-newborn"}
    assert not never & passable().keys()
    assert {p.source.standing for p in passable().values()} == {Standing.UNVERIFIED}


def test_who_asks_says_all_of_it_and_signs(bench: Any) -> None:
    prescription_id = stopped(bench)
    with pytest.raises(Malformed) as bad:
        ask(bench, prescription_id, reason_code="hurry", note="short", prescriber=" ", reached_at=now() - timedelta(hours=9))
    assert {f.path for f in bad.value.faults} == {"reason_code", "note", "prescriber", "reached_at"}
    with pytest.raises(Refused) as no:
        ask(bench, prescription_id, signed=False)
    assert codes(no) == {"signature-missing"}
    with pytest.raises(Refused):
        ask(bench, prescription_id, by=bench.technician.signing("test"))
    with pytest.raises(Refused) as no:
        ask(bench, prescription_id, fingerprint="0" * 32)
    assert codes(no) == {"finding-gone"}
    assert not BreakGlass.objects.exists()


def test_the_database_wants_two_people_and_a_third(bench: Any) -> None:
    prescription_id = stopped(bench)
    made = ask(bench, prescription_id)
    clinical.advance_pass(pass_id=made, step="confirm", by=bench.second_pharmacist.signing("test"))
    row = BreakGlass.objects.filter(pk=made)
    with pytest.raises(IntegrityError, match="pass_confirmed_by_another"), transaction.atomic():
        row.update(confirmed_by=bench.pharmacist.id)
    with pytest.raises(IntegrityError, match="pass_confirmed_by_another"), transaction.atomic():
        row.update(ends_at=None)


def test_the_pages_ask_confirm_and_list(bench: Any, browse: Any) -> None:
    prescription_id = stopped(bench)
    review = f"/clinical/reviews/{clinical.review_id_of(prescription_id)}/"
    client = browse(bench.pharmacist)
    page = client.get(review).content.decode()
    assert "Pass in an emergency" in page and "for 24 hours" in page
    here = now().astimezone(ZoneInfo(zone_of(bench.patient_id)))
    assert any(f'value="{t:%Y-%m-%dT%H:%M}"' in page for t in (here, here - timedelta(minutes=1))), "the patient's clock"
    said = {"fingerprint": hard(prescription_id).fingerprint, "reason_code": "no_alternative", "note": "septic, watched in suite",
            "prescriber": "Lena Fictional, MD", "reached_at": f"{here:%Y-%m-%dT%H:%M}"}
    assert client.post(f"{review}passes/", said).status_code == 409  # unsigned
    assert client.post(f"{review}passes/", said | {"signature": "a long test password"}).status_code == 302
    assert "asked for" in client.get(review).content.decode()
    (fact,) = clinical.passes_where()
    second = browse(bench.second_pharmacist)
    assert "Confirm the emergency and sign" in second.get("/clinical/rules/").content.decode()
    answer = second.post(f"/clinical/passes/{fact.id}/confirm/", {"signature": "a long test password"})
    assert answer.status_code == 302
    assert "passed in an emergency" in second.get(review).content.decode()
    assert "septic, watched in suite" in second.get("/clinical/rules/").content.decode()


def test_the_same_over_the_api(bench: Any, browse: Any) -> None:
    prescription_id = stopped(bench)
    client, second = browse(bench.pharmacist), browse(bench.second_pharmacist)
    signed = {"headers": {"X-Signature": "a long test password"}, "content_type": "application/json"}
    said = {"fingerprint": hard(prescription_id).fingerprint, "reason_code": "no_alternative", "note": "septic, watched in suite",
            "prescriber": "Lena Fictional, MD", "reached_at": now().isoformat()}
    url = f"/api/clinical/prescriptions/{prescription_id}/emergency-passes"
    assert client.post(url, said | {"reached_at": "2026-01-01T10:00:00"}, **signed).status_code == 422
    made = client.post(url, said, **signed).json()["id"]
    assert second.post(f"/api/clinical/emergency-passes/{made}/steps", {"step": "confirm"}, **signed).status_code == 200
    (row,) = client.get("/api/clinical/emergency-passes", {"state": "in_force"}).json()
    assert (row["code"], row["confirmer_name"]) == ("allergy-same-side-chain", "Pat Two")
