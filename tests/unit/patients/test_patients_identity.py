# SPDX-License-Identifier: Apache-2.0
"""When two records are the same person, and the keys and numbers they go by."""
from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from openinfusion.kernel.ids import new_id
from openinfusion.patients.adapters import allergens, timezones
from openinfusion.patients.domain.identity import (
    Address,
    Demographics,
    Known,
    Likeness,
    Sex,
    key_of,
    likeness,
    mrn_check,
    mrn_of,
)

NEW = Demographics("O'Brien-Núñez", "Ana", date(1970, 1, 2), Sex.FEMALE, Address(zip="62701"))
KNOWN = Known(UUID(int=1), "obriennunez", "ana", date(1970, 1, 2), "female", "62701")


def test_a_name_is_searched_without_accents_case_and_marks() -> None:
    assert key_of("O'Brien-Núñez") == key_of("OBRIEN NUNEZ") == "obriennunez"


@pytest.mark.parametrize(("new", "known", "by_identifier", "expected"), [
    (NEW, KNOWN, False, Likeness.SAME),
    (replace(NEW, address=Address(zip="62701-1234")), KNOWN, False, Likeness.SAME),
    (NEW, replace(KNOWN, zip=""), False, Likeness.NEAR),
    (NEW, replace(KNOWN, zip="60601"), False, Likeness.NEAR),
    (NEW, replace(KNOWN, sex="male"), False, Likeness.NEAR),
    (NEW, replace(KNOWN, given_key="eva"), False, Likeness.NEAR),
    (NEW, replace(KNOWN, born_on=date(1970, 2, 1)), False, Likeness.NEAR),
    (NEW, replace(KNOWN, born_on=date(1970, 2, 1), zip="60601"), False, Likeness.OTHER),
    (NEW, replace(KNOWN, zip="60601"), True, Likeness.SAME),
    (NEW, replace(KNOWN, family_key="x", born_on=date(1999, 1, 1)), True, Likeness.NEAR),
])
def test_two_records_are_one_person_only_where_enough_agrees(new: Demographics, known: Known, by_identifier: bool, expected: Likeness) -> None:
    assert likeness(new, known, by_identifier=by_identifier)[0] is expected


def test_a_record_number_betrays_a_wrong_or_swapped_character() -> None:
    number = mrn_of(new_id()).replace("-", "")
    digits, check = number[:-1], number[-1]
    assert mrn_check(digits) == check
    wrong = ("1" if digits[0] != "1" else "2") + digits[1:]
    assert mrn_check(wrong) != check


def test_faults_of_demographics_are_all_named() -> None:
    bad = Demographics(" ", "", date(2199, 1, 1), Sex.UNKNOWN, Address(zip="12"))
    assert {f.path for f in bad.faults(date(2026, 1, 1))} == {"family", "given", "born_on", "zip"}


def test_every_state_has_a_zone_that_exists_and_every_allergen_its_groups() -> None:
    from zoneinfo import ZoneInfo

    assert len(timezones()) >= 51 and all(ZoneInfo(z) for z in timezones().values())
    assert all(groups for _, groups in allergens().values())
