# SPDX-License-Identifier: Apache-2.0
"""May this site ship there? A licence on record that holds; what is not known is said."""
from __future__ import annotations

from datetime import date

from openinfusion.sites.domain.licence import LicenceKind, SiteLicenceFact, cannot_judge, reasons_against_shipping

ON = date(2026, 11, 23)
K = LicenceKind


def licence(kind: LicenceKind, state: str, until: date | None) -> SiteLicenceFact:
    return SiteLicenceFact(kind, state, "1", until)


def codes(held: list[SiteLicenceFact], to: str, *, controlled: bool = False) -> list[str]:
    found = reasons_against_shipping(held, site="North", home="IL", to=to, on=ON, controlled=controlled)
    assert all(r.clears for r in found)
    return [r.code for r in found]


def test_home_wants_the_pharmacy_licence_and_another_state_the_nonresident_one() -> None:
    home = licence(K.PHARMACY, "IL", ON)
    assert codes([home], "IL") == [] and codes([home], "IN") == ["ship-unlicensed"] and codes([], "IL") == ["ship-unlicensed"]
    assert codes([home, licence(K.NONRESIDENT, "IN", ON)], "IN") == []
    assert codes([licence(K.PHARMACY, "IN", ON)], "IN") == ["ship-unlicensed"]


def test_the_last_day_still_holds_and_the_next_does_not() -> None:
    assert codes([licence(K.PHARMACY, "IL", date(2026, 11, 22))], "IL") == ["ship-expired"]
    both = [licence(K.PHARMACY, "IL", date(2026, 1, 1)), licence(K.PHARMACY, "IL", date(2027, 1, 1))]
    assert codes(both, "IL") == []


def test_a_permit_that_expired_stops_and_one_never_recorded_cannot_be_judged() -> None:
    home = licence(K.PHARMACY, "IL", ON)
    assert cannot_judge([home], "IL") and not cannot_judge([home, licence(K.STERILE, "IL", ON)], "IL")
    assert codes([home, licence(K.STERILE, "IL", date(2026, 1, 1))], "IL") == ["ship-expired"]


def test_controlled_substances_want_the_registration_of_home() -> None:
    home = licence(K.PHARMACY, "IL", ON)
    assert codes([home], "IL", controlled=True) == ["ship-unlicensed"]
    assert codes([home, licence(K.DEA, "IL", ON)], "IL", controlled=True) == []
    assert codes([home, licence(K.DEA, "IL", ON), licence(K.CONTROLLED, "IL", date(2020, 1, 1))], "IL", controlled=True) == ["ship-expired"]


def test_words() -> None:
    assert licence(K.NPI, "IL", None).holds(ON) and K.NPI.label == "NPI" and K.ACCREDITATION.label == "accreditation"
