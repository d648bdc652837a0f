# SPDX-License-Identifier: Apache-2.0
"""Finding the one drug that a text or a code means."""
from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from openinfusion.catalog.adapters import listed, rows
from openinfusion.catalog.domain.drug import DrugFact, match
from openinfusion.kernel.refusal import Refused
from openinfusion.kernel.standing import Source, Standing

SOURCE = Source("a test", date(2026, 1, 1), Standing.UNVERIFIED)


def known() -> list[DrugFact]:
    return [
        DrugFact(
            r["code"], r["name"], r["tall_man"], r["therapy_class"], tuple(listed(r["routes"])), r["hazardous"] == "yes",
            r["vesicant"], tuple(listed(r["allergy_groups"])), r["atc"], r["refrigerated"] == "yes",
            tuple(listed(r["ingredients"])), tuple(listed(r["rxnorm"])), tuple(listed(r["synonyms"])), r["hcpcs"], SOURCE,
        )
        for r in rows("drugs")
    ]


@pytest.mark.parametrize(("text", "code"), [
    ("Ceftriaxone", "ceftriaxone"), ("CEFTRIAXONE 2 G IV", "ceftriaxone"), ("10 ML Furosemide 10 MG/ML Injection", "furosemide"),
    ("5-FU", "fluorouracil"), ("Piperacillin/Tazobactam", "piperacillin_tazobactam"), ("IV normal saline", "sodium_chloride"),
    ("Vancomycin 1 g in 0.9% NaCl", "vancomycin"), ("Trastuzumab", "trastuzumab"),
])
def test_a_written_order_finds_its_drug(text: str, code: str) -> None:
    assert match(known(), text).code == code


@pytest.mark.parametrize("text", ["Atorvastatin", "Salbutamol", "", "cef"])
def test_a_drug_that_is_not_here_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="no drug of this catalog"):
        match(known(), text)


def test_a_code_finds_its_drug_without_a_text() -> None:
    assert match(known(), rxnorm="1719286").code == "furosemide"


def test_a_code_and_a_text_that_disagree_are_refused() -> None:
    with pytest.raises(Refused, match="different drugs"):
        match(known(), "vancomycin", "2193")


def test_two_drugs_in_one_text_are_refused() -> None:
    twin = dataclasses.replace(known()[0], code="twin", name="ceftriaxone")
    with pytest.raises(Refused, match="may be"):
        match([*known(), twin], "ceftriaxone")
