# SPDX-License-Identifier: Apache-2.0
"""A site's own sources: interaction sets loaded by page, API and command; observations that a second person signs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from openinfusion.clinical import public as clinical
from openinfusion.clinical.actions.interactions import load_interactions, withdraw_interactions
from openinfusion.clinical.actions.observations import advance_observation, enter_observation
from openinfusion.clinical.domain.compatibility import Mixed, Mode, Observation, Outcome
from openinfusion.clinical.domain.interaction_file import read_pairs
from openinfusion.clinical.models import CompatibilityObservation, Firing, Interaction, InteractionSet, Review
from openinfusion.clinical.queries import facts_of_many
from openinfusion.commands import moving
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.kernel.refusal import NotFound, Refused
from openinfusion.kernel.roles import Role
from openinfusion.patients import public as patients
from openinfusion.platform.clock import now
from openinfusion.therapy import public as therapy

FILE = "left,right,tier,effect,do\nceftriaxone,probenecid,serious,the level rises,watch\n"
LICENSED = {"name": "Licensed source", "edition": "2026.1", "licence": "our contract 17"}


def found(prescription_id: Any, rule: str) -> dict[str, str]:
    return {f.code: f.tier.value for f in clinical.findings_for(prescription_id) if f.rule == rule and f.tier.value != "passed"}


def takes(bench: Any, name: str) -> None:
    patients.record_medication(patient_id=bench.patient_id, name=name, by=bench.pharmacist)
    bench.tell()


def test_a_set_speaks_until_it_is_withdrawn(bench: Any) -> None:
    prescription_id = bench.prescription()
    takes(bench, "probenecid 500 mg")
    assert found(prescription_id, "interaction") == {"interaction-not-judged": "cannot_judge"}
    set_id = load_interactions(**LICENSED, pairs=read_pairs(FILE), by=bench.pharmacist)
    assert found(prescription_id, "interaction") == {"interaction-imported-serious": "soft"}
    with pytest.raises(Refused) as no:
        load_interactions(**LICENSED, pairs=read_pairs(FILE), by=bench.pharmacist)
    assert no.value.reasons[0].code == "already-loaded"
    newer = load_interactions(**(LICENSED | {"edition": "2026.2"}), pairs=read_pairs(FILE.replace("serious", "monitor")), by=bench.pharmacist)
    assert InteractionSet.objects.get(pk=set_id).state == "withdrawn"
    assert found(prescription_id, "interaction") == {"interaction-imported-monitor": "info"}
    withdraw_interactions(set_id=newer, reason="the contract ended", by=bench.pharmacist)
    assert found(prescription_id, "interaction") == {"interaction-not-judged": "cannot_judge"}


def test_who_may_not_load_does_not_and_rows_never_change(bench: Any) -> None:
    with pytest.raises(Refused):
        load_interactions(**LICENSED, pairs=read_pairs(FILE), by=bench.technician)
    with pytest.raises(Refused) as no:
        load_interactions(name="DDInter", edition="2.0", licence="CC BY 4.0", pairs=read_pairs(FILE), by=bench.pharmacist)
    assert no.value.reasons[0].code == "licence-mismatch" and not InteractionSet.objects.exists()
    load_interactions(**LICENSED, pairs=read_pairs(FILE), by=bench.pharmacist)
    with pytest.raises(DatabaseError), transaction.atomic():
        Interaction.objects.update(effect="none")


def test_a_set_is_loaded_by_command(bench: Any, tmp_path: Path) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text(FILE, encoding="utf-8")
    made = moving.load_interactions(file, LICENSED["name"], LICENSED["edition"], LICENSED["licence"], bench.pharmacist)
    assert InteractionSet.objects.get(pk=made).words == ["ceftriaxone", "probenecid"]


def test_pages_say_what_is_loaded_and_take_a_file(bench: Any, account: Callable[..., Any]) -> None:
    client = Client()
    client.force_login(account(Role.PHARMACIST))
    page = client.get("/clinical/interactions/?q=warfarin").content.decode()
    assert "Starting set" in page and "unverified" in page and "No licensed set is loaded" in page and "trimethoprim" in page
    upload = SimpleUploadedFile("pairs.csv", FILE.encode())
    assert client.post("/clinical/interactions/sets/", LICENSED | {"file": upload}).status_code == 302
    row = InteractionSet.objects.get()
    page = client.get("/clinical/interactions/?q=nothing").content.decode()
    assert "our contract 17" in page and "2026.1" in page and "No row" in page
    assert client.post(f"/clinical/interactions/sets/{row.id}/withdraw/", {"reason": "ended"}).status_code == 302
    reader = Client()
    reader.force_login(account(Role.NURSE))
    assert "Load a licensed source" not in reader.get("/clinical/interactions/").content.decode()
    assert "Interaction sets" in client.get("/clinical/").content.decode()


def test_the_api_loads_lists_and_withdraws(bench: Any, browse: Callable[..., Client]) -> None:
    client = browse(bench.pharmacist)
    given = {"name": "Licensed source", "version": "1", "licence": "contract",
             "rows": [{"left": "a", "right": "b", "tier": "monitor", "effect": "x"}]}
    made = client.post("/api/clinical/interaction-sets", given, content_type="application/json").json()["id"]
    listed = client.get("/api/clinical/interaction-sets").json()
    assert [r["name"] for r in listed] == ["Starting set", "Licensed source"]
    gone = client.post(f"/api/clinical/interaction-sets/{made}/withdraw", {"reason": "over"}, content_type="application/json")
    assert gone.status_code == 200
    bad = given | {"rows": [{"left": "", "right": "b", "tier": "monitor", "effect": "x"}]}
    assert client.post("/api/clinical/interaction-sets", bad, content_type="application/json").status_code == 422


def observed(outcome: str = "I", **more: Any) -> Observation:
    return Observation(
        one=Mixed("ceftriaxone", Quantity(Decimal("20"), MG), "NS"), other=Mixed("vancomycin", Quantity(Decimal("5"), MG), "NS"),
        mode=Mode.Y_SITE, outcome=Outcome(outcome), phenomenon="haze", citation="An invented paper, 2020", **more,
    )


def test_an_observation_counts_once_another_person_has_signed(bench: Any) -> None:
    first = bench.prescription(infusion_minutes=1440)
    second = bench.prescription(drug_code="vancomycin", dose=Quantity(Decimal(1250), MG), interval_hours=12, infusion_minutes=120)
    assert found(second, "compatibility") == {"compatibility-no-data": "soft"}
    made = enter_observation(seen=observed(), by=bench.pharmacist)
    assert found(second, "compatibility") == {"compatibility-no-data": "soft"}
    with pytest.raises(Refused) as no:
        advance_observation(observation_id=made, step="sign", by=bench.pharmacist.signing("test"))
    assert no.value.reasons[0].code == "own-observation"
    advance_observation(observation_id=made, step="sign", by=bench.second_pharmacist.signing("test"))
    assert found(second, "compatibility") == {"compatibility-incompatible": "hard"}
    assert found(first, "compatibility") == {"compatibility-incompatible": "hard"}
    with pytest.raises(DatabaseError), transaction.atomic():
        CompatibilityObservation.objects.update(signed_by=bench.pharmacist.id)
    advance_observation(observation_id=made, step="withdraw", reason="misread", by=bench.second_pharmacist)
    assert found(second, "compatibility") == {"compatibility-no-data": "soft"}
    with pytest.raises(NotFound):
        enter_observation(seen=Observation(one=Mixed("nothing", Quantity(Decimal(1), MG)), other=Mixed("vancomycin", Quantity(Decimal(1), MG)),
                                           mode=Mode.Y_SITE, outcome=Outcome.COMPATIBLE, citation="x"), by=bench.pharmacist)


def test_observations_by_page_and_api(bench: Any, browse: Callable[..., Client]) -> None:
    client, other = browse(bench.pharmacist), browse(bench.second_pharmacist)
    assert "No observation" in client.get("/clinical/compatibility/").content.decode()
    typed = {"one_drug": "ceftriaxone", "one_amount": "20", "one_unit": "mg", "one_diluent": "NS", "other_drug": "vancomycin",
             "other_amount": "5", "other_unit": "mg", "mode": "y_site", "outcome": "I", "phenomenon": "haze", "ratio": "1:1",
             "hours": "4", "celsius": "23", "citation": "An invented paper"}
    assert client.post("/clinical/compatibility/observations/", typed).status_code == 302
    row = CompatibilityObservation.objects.get()
    page = client.get("/clinical/compatibility/?state=entered").content.decode()
    assert "An invented paper" in page and "may not sign it" in page
    signed = other.post(f"/clinical/compatibility/observations/{row.id}/sign/", {"signature": "a long test password"})
    assert signed.status_code == 302
    assert "signed Pat Two" in client.get("/clinical/compatibility/?state=signed").content.decode()
    given = {"one": {"drug": "ceftriaxone", "amount": "20"}, "other": {"drug": "vancomycin", "amount": "5"}, "outcome": "C",
             "citation": "Another"}
    made = client.post("/api/clinical/compatibility-observations", given, content_type="application/json").json()["id"]
    assert client.post("/api/clinical/compatibility-observations", given | {"outcome": "?"}, content_type="application/json").status_code == 422
    listed = client.get("/api/clinical/compatibility-observations?state=entered").json()
    assert [r["citation"] for r in listed] == ["Another"]
    gone = client.post(f"/api/clinical/compatibility-observations/{made}/withdraw", {"reason": "x"}, content_type="application/json")
    assert gone.status_code == 200


def test_an_abnormal_result_reopens_and_a_late_test_does_not(bench: Any, tell_news: Callable[[], None]) -> None:
    prescription_id = bench.prescription(drug_code="daptomycin", dose=Quantity(Decimal(450), MG))
    bench.verify(prescription_id)
    patients.record_lab(patient_id=bench.patient_id, loinc="2157-6", name="creatine kinase", value=Decimal("2400"), unit="U/L",
                        taken_at=now() - timedelta(hours=1), by=bench.pharmacist)
    tell_news()
    assert not clinical.verified(prescription_id)
    fired = Firing.objects.get(prescription_id=prescription_id, code="lab-creatine-kinase")
    assert (fired.tier, fired.trigger) == ("hard", "lab") and Review.objects.get(prescription_id=prescription_id).state == "waiting"


def test_the_facts_of_many_orders_take_no_more_queries_than_those_of_one(bench: Any) -> None:
    one = bench.prescription()
    load_interactions(**LICENSED, pairs=read_pairs(FILE), by=bench.pharmacist)
    more = [bench.prescription(drug_code=code, dose=Quantity(Decimal(1000), MG), interval_hours=12) for code in ("vancomycin", "cefepime")]
    orders = therapy.prescriptions([one, *more])
    facts_of_many(orders)  # the catalog's answers are remembered
    with CaptureQueriesContext(connection, ) as single:
        facts_of_many(orders[:1])
    with CaptureQueriesContext(connection) as many:
        facts_of_many(orders)
    assert len(many) <= len(single) + 1 <= 20
