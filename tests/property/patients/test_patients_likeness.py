# SPDX-License-Identifier: Apache-2.0
"""Matching never merges on a name alone; keys do not depend on case or accents; clearance falls with creatinine."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from openinfusion.patients.adapters import renal_policy
from openinfusion.patients.domain.clearance import clearance
from openinfusion.patients.domain.identity import Address, Demographics, Known, Likeness, Sex, key_of, likeness

names = st.text(alphabet="abcdefgéñü-' ", min_size=1, max_size=12).filter(lambda t: bool(key_of(t)))
days = st.dates(date(1930, 1, 1), date(2020, 1, 1))


@given(names, names, days, days, st.sampled_from(["62701", "60601", ""]))
def test_another_birth_date_is_never_the_same_person(family: str, given_name: str, born: date, other: date, zip: str) -> None:
    new = Demographics(family, given_name, born, Sex.FEMALE, Address(zip=zip))
    known = Known(UUID(int=1), key_of(family), key_of(given_name), other, "female", zip)
    degree, _ = likeness(new, known, by_identifier=False)
    assert (degree is Likeness.SAME) == (born == other and zip != "")


@given(names)
def test_a_key_ignores_case(name: str) -> None:
    assert key_of(name.upper()) == key_of(name)


@given(st.decimals("0.3", "8", places=2), st.decimals("0.01", "3", places=2), st.decimals("40", "150", places=1))
def test_clearance_never_rises_with_creatinine_and_never_passes_the_cap(creatinine: Decimal, more: Decimal, weight: Decimal) -> None:
    policy = renal_policy()

    def at(value: Decimal) -> Decimal:
        return clearance(
            born_on=date(1960, 1, 1), sex=Sex.FEMALE, weight_kg=weight, height_cm=Decimal(165), creatinine=value,
            creatinine_on=date(2026, 1, 1), on=date(2026, 1, 1), policy=policy,
        ).ml_per_min

    assert at(creatinine + more) <= at(creatinine) <= policy.cap_ml_per_min
