# SPDX-License-Identifier: Apache-2.0
"""What is recorded stands in the chart with its state; what was wrong is marked, not deleted; what is unknown says so."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from openinfusion.catalog import public as catalog
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.roles import Role
from openinfusion.patients import public as patients
from openinfusion.patients.models import Allergy, Measurement
from openinfusion.patients.public import Address, AllergyState, Demographics, Sex
from openinfusion.payers import public as payers
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today

Someone = Callable[..., Actor]


@pytest.fixture
def by(someone: Someone) -> Actor:
    return someone(Role.INTAKE, Role.PHARMACIST)


@pytest.fixture
def patient_id(scope: UUID, by: Actor, someone: Someone) -> UUID:
    catalog.load_catalog(by=someone(Role.ADMINISTRATOR))
    payers.load_payers(by=someone(Role.ADMINISTRATOR))
    return patients.register(demographics=Demographics(
        "Fictional", "Bo", date(1961, 1, 2), Sex.MALE, Address("1 Sample Street", "", "Springfield", "IL", "62701"),
    ), by=by)


def test_allergies_have_three_states(patient_id: UUID, by: Actor) -> None:
    assert patients.allergies(patient_id).state is AllergyState.NOT_RECORDED
    patients.record_no_known_allergies(patient_id=patient_id, by=by)
    assert patients.allergies(patient_id).state is AllergyState.NONE_KNOWN
    patients.record_allergy(patient_id=patient_id, substance="Penicillin", severity="anaphylaxis", by=by)
    found = patients.allergies(patient_id)
    assert found.state is AllergyState.RECORDED
    assert found.items[0].ingredient == "penicillin_g" and "beta_lactam" in found.items[0].groups
    with pytest.raises(Refused, match="allergies are recorded"):
        patients.record_no_known_allergies(patient_id=patient_id, by=by)


def test_an_allergy_to_a_drug_of_the_catalog_carries_its_side_chain_and_an_unknown_one_nothing(patient_id: UUID, by: Actor) -> None:
    patients.record_allergy(patient_id=patient_id, substance="ceftriaxone", by=by)
    patients.record_allergy(patient_id=patient_id, substance="moon dust", by=by)
    found = {a.substance: a for a in patients.allergies(patient_id).items}
    assert "r1_c" in found["ceftriaxone"].groups
    assert found["moon dust"].groups == () and found["moon dust"].ingredient == ""


def test_an_entry_in_error_leaves_every_reading_but_stays_in_the_table(patient_id: UUID, by: Actor) -> None:
    id = patients.record_allergy(patient_id=patient_id, substance="latex", by=by)
    with pytest.raises(Refused, match="needs a reason"):
        patients.mark_entered_in_error(kind="allergy", entry_id=id, reason=" ", by=by)
    patients.mark_entered_in_error(kind="allergy", entry_id=id, reason="wrong patient", by=by)
    assert patients.allergies(patient_id).state is AllergyState.NOT_RECORDED
    assert Allergy.objects.get(pk=id).in_error_reason == "wrong patient"
    with pytest.raises(Refused, match="marked already"):
        patients.mark_entered_in_error(kind="allergy", entry_id=id, reason="again", by=by)


def test_a_weight_in_pounds_wants_a_second_look(patient_id: UUID, by: Actor) -> None:
    patients.record_measurement(patient_id=patient_id, kind="weight_kg", value=Decimal("80"), by=by)
    with pytest.raises(Refused, match="pounds for kilograms"):
        patients.record_measurement(patient_id=patient_id, kind="weight_kg", value=Decimal("176"), by=by)
    assert Measurement.objects.count() == 1
    patients.record_measurement(patient_id=patient_id, kind="weight_kg", value=Decimal("176"), confirmed=True, by=by)
    assert patients.banner(patient_id).weight_kg == Decimal("176")
    with pytest.raises(Malformed, match="between"):
        patients.record_measurement(patient_id=patient_id, kind="height_cm", value=Decimal("1.80"), by=by)


def test_clearance_says_what_it_lacks_then_which_weight_it_used(patient_id: UUID, by: Actor) -> None:
    assert patients.banner(patient_id).crcl_unknown == "unknown without weight and height and creatinine"
    patients.record_measurement(patient_id=patient_id, kind="weight_kg", value=Decimal("70"), by=by)
    patients.record_measurement(patient_id=patient_id, kind="height_cm", value=Decimal("180"), by=by)
    patients.record_lab(patient_id=patient_id, loinc="2160-0", name="creatinine", value=Decimal("1.4"), unit="mg/dL", by=by)
    found = patients.banner(patient_id).crcl
    assert found is not None and found.weight_rule == "actual" and not found.stale
    assert "Cockcroft-Gault, actual weight 70.0 kg" in str(found)


def test_an_old_creatinine_is_marked(patient_id: UUID, by: Actor) -> None:
    for kind, value in (("weight_kg", "70"), ("height_cm", "180")):
        patients.record_measurement(patient_id=patient_id, kind=kind, value=Decimal(value), by=by)
    old = now() - timedelta(days=30)
    patients.record_lab(patient_id=patient_id, loinc="2160-0", name="creatinine", value=Decimal(1), unit="mg/dL", taken_at=old, by=by)
    found = patients.banner(patient_id).crcl
    assert found is not None and found.stale


def test_the_tip_of_a_line_follows_from_its_type(patient_id: UUID, by: Actor) -> None:
    assert patients.line(patient_id) is None
    id = patients.record_line(patient_id=patient_id, type="midline", by=by)
    line = patients.line(patient_id)
    assert line is not None and line.tip == "midline"
    patients.remove_line(line_id=id, removed_on=house_today(), by=by)
    assert patients.line(patient_id) is None


def test_two_primary_coverages_at_once_are_refused(patient_id: UUID, by: Actor) -> None:
    plan = payers.plans()[0]
    patients.record_coverage(patient_id=patient_id, plan_id=plan.id, member_id="DEMO1", first=date(2026, 1, 1), by=by)
    with pytest.raises(Refused, match="rank 1 is in force"):
        patients.record_coverage(patient_id=patient_id, plan_id=plan.id, member_id="DEMO2", first=date(2026, 1, 1), by=by)
    patients.record_coverage(patient_id=patient_id, plan_id=plan.id, member_id="DEMO2", first=date(2026, 1, 1), rank=2, by=by)
    assert [c.member_id for c in patients.coverage(patient_id)] == ["DEMO1", "DEMO2"]


def test_a_home_names_its_concerns_and_the_services_needed(patient_id: UUID, by: Actor) -> None:
    patients.record_home_assessment(
        patient_id=patient_id, assessed_on=house_today(), refrigerator=False, electricity=True, running_water=True, phone=True,
        caregiver=False, safe_entry=True, able_to_learn=True, services=["nursing agency"], by=by,
    )
    home = patients.home(patient_id)
    assert home is not None and home.concerns == ("no refrigerator", "no caregiver") and home.services == ("nursing agency",)


def test_a_document_is_kept_byte_for_byte(patient_id: UUID, by: Actor) -> None:
    from openinfusion.platform.files import open_file

    patients.record_document(patient_id=patient_id, kind="order", title="Order", name="order.pdf", data=b"%PDF", media_type="application/pdf", by=by)
    assert open_file(patients.documents(patient_id)[0].file_id).data == b"%PDF"
