# SPDX-License-Identifier: Apache-2.0
"""What a dosing calculation takes from the chart: everything with its unit, nothing that nobody recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from openinfusion.clinical.domain.dosing import GENERAL, Known, flattened, prefill, sheet_for
from openinfusion.kernel.quantity import MG, Quantity, unit

FIRST = datetime(2026, 3, 2, 8, tzinfo=UTC)
KNOWN = Known(
    weight_kg=Decimal("71.4"), height_cm=Decimal(165), age_years=57, sex="female", crcl_ml_per_min=Decimal("63.25"),
    creatinine_mg_per_dl=Decimal("0.9"), dose=Quantity(Decimal(1250), MG), interval_hours=12, infusion_minutes=90,
    doses_at=(FIRST, FIRST + timedelta(hours=12)),
    levels=((FIRST, Decimal(3)), (FIRST + timedelta(hours=11, minutes=45), Decimal("12.3456"))),
)  # fmt: skip
EVERY = ("weight", "height", "age", "sex", "crcl", "creatinine", "interval", "infusion", "model", "dose", "doses", "levels")


def test_what_is_on_the_chart_is_said_with_its_unit() -> None:
    found = prefill(EVERY, KNOWN, "goti-2018")
    assert found == {
        "weight": "71.4 kg", "height": "165 cm", "age": "57 a", "sex": "female", "crcl": "63.25 mL/min",
        "creatinine": "0.9 mg/dL", "interval": "12 h", "infusion": "90 min", "model": "goti-2018", "dose": "1250 mg",
        "doses": [
            {"at": "0 h", "dose": "1250 mg", "infusion": "90 min"},
            {"at": "12 h", "dose": "1250 mg", "infusion": "90 min"},
        ],
        "levels": [{"at": "11.75 h", "level": "12.346 mg/L"}],  # the one drawn before the first dose is left out
    }  # fmt: skip


def test_only_what_is_asked_for_is_filled_in() -> None:
    assert set(prefill(("weight", "route"), KNOWN)) == {"weight"}


@pytest.mark.parametrize(
    ("changes", "gone"),
    [
        ({"weight_kg": None}, {"weight"}),
        ({"height_cm": None}, {"height"}),
        ({"sex": "unknown"}, {"sex"}),
        ({"crcl_ml_per_min": None}, {"crcl"}),
        ({"creatinine_mg_per_dl": None}, {"creatinine"}),
        ({"interval_hours": None}, {"interval"}),
        ({"doses_at": ()}, {"doses", "levels"}),
        ({"levels": ()}, {"levels"}),
        ({"dose": Quantity(Decimal(10), unit("[iU]"))}, {"dose", "doses", "levels"}),  # units are no mass
    ],
)
def test_what_nobody_recorded_is_left_to_the_person(changes: dict[str, object], gone: set[str]) -> None:
    assert set(EVERY) - set(prefill(EVERY, replace(KNOWN, **changes), "goti-2018")) == gone  # type: ignore[arg-type]


def test_grams_are_said_in_milligrams() -> None:
    assert prefill(("dose",), replace(KNOWN, dose=Quantity(Decimal("1.25"), unit("g"))))["dose"].startswith("1250")


def test_a_drug_on_file_has_its_own_sheets_and_every_drug_the_general_ones() -> None:
    vancomycin = sheet_for("vancomycin")
    assert vancomycin.calculations[-len(GENERAL) :] == GENERAL and vancomycin.model == "goti-2018"
    assert "20578-1" in vancomycin.level_loincs
    assert sheet_for("gentamicin").model == ""
    assert (sheet_for("no-such-drug").calculations, sheet_for("no-such-drug").level_loincs) == (GENERAL, ())


def test_rows_are_laid_out_by_number_as_the_page_names_its_fields() -> None:
    assert flattened({"weight": "71 kg", "doses": [{"at": "0 h"}, {"at": "12 h", "dose": "1 g"}]}) == {
        "weight": "71 kg",
        "doses.1.at": "0 h",
        "doses.2.at": "12 h",
        "doses.2.dose": "1 g",
    }
