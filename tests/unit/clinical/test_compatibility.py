# SPDX-License-Identifier: Apache-2.0
"""Compatibility: signed rows answer only between the concentrations tested; disagreement is uncertain, silence is no data."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from openinfusion.clinical.domain.checks.compatibility import check_compatibility
from openinfusion.clinical.domain.compatibility import (
    Mixed,
    Mode,
    Observation,
    ObservationFacts,
    Outcome,
    check_observation,
    signer_is_another_person,
    verdict,
)
from openinfusion.clinical.domain.facts import Facts
from openinfusion.clinical.domain.finding import Tier
from openinfusion.clinical.domain.scenario import facts_of
from openinfusion.kernel.quantity import MG, UNITS, Quantity, Unit
from openinfusion.kernel.refusal import Malformed


def mixed(drug: str, per_ml: str | None, diluent: str = "NS", kind: Unit = MG) -> Mixed:
    return Mixed(drug, Quantity(Decimal(per_ml), kind) if per_ml else None, diluent)


def seen(one: Mixed, other: Mixed, outcome: str = "C", **more: Any) -> Observation:
    return Observation(**({"one": one, "other": other, "mode": Mode.Y_SITE, "outcome": Outcome(outcome), "citation": "a paper",
                           "phenomenon": "haze"} | more))


A, B = mixed("a", "5"), mixed("b", "1")
LOW, HIGH = seen(mixed("a", "2"), mixed("b", "1")), seen(mixed("b", "1"), mixed("a", "10"))


@pytest.mark.parametrize(("one", "rows", "expected"), [
    (A, [LOW, HIGH], "C"),
    (A, [LOW], "no_data"),
    (A, [], "no_data"),
    (mixed("a", "10.1"), [LOW, HIGH], "no_data"),
    (mixed("a", "2"), [LOW], "C"),
    (A, [LOW, replace(HIGH, outcome=Outcome.INCOMPATIBLE)], "U"),
    (A, [replace(LOW, outcome=Outcome.INCOMPATIBLE), replace(HIGH, outcome=Outcome.INCOMPATIBLE)], "I"),
    (mixed("a", "5", "D5W"), [LOW, HIGH], "no_data"),
    (mixed("a", "5", kind=UNITS), [LOW, HIGH], "no_data"),
    (mixed("a", None), [LOW, HIGH], "no_data"),
    (A, [replace(LOW, mode=Mode.ADMIXTURE), HIGH], "no_data"),
])
def test_the_answer_is_narrow(one: Mixed, rows: list[Observation], expected: str) -> None:
    assert verdict(one, B, rows).value == expected
    assert verdict(B, one, rows).value == expected, "a pair has no direction"


def test_nutrition_answers_only_where_both_kinds_are_known() -> None:
    pn = Mixed("parenteral_nutrition", None)
    two, three = (seen(mixed("a", "5"), mixed("parenteral_nutrition", "1", kind)) for kind in ("2-in-1", "3-in-1"))
    assert verdict(A, pn, [two]).value == "no_data"
    assert verdict(A, pn, [two, three]).value == "C"
    assert verdict(A, pn, [two, replace(three, outcome=Outcome.INCOMPATIBLE)]).value == "U"
    assert verdict(mixed("a", "6"), pn, [two, three]).value == "no_data"
    half = [two, replace(three, one=mixed("a", "4")), replace(two, one=mixed("a", "4"))]
    assert verdict(A, pn, half).value == "no_data", "one kind is not bracketed"


def test_an_observation_must_be_worth_something() -> None:
    check_observation(LOW)
    bad = seen(mixed("a", "0"), mixed("a", None), "no_data", citation=" ")
    with pytest.raises(Malformed) as no:
        check_observation(bad)
    assert {f.path for f in no.value.faults} == {"amount", "drugs", "outcome", "citation"}
    with pytest.raises(Malformed) as no:
        check_observation(seen(A, mixed("parenteral_nutrition", "1"), "I", phenomenon=""))
    assert {f.path for f in no.value.faults} == {"phenomenon", "diluent"}


def test_the_signer_is_another_person() -> None:
    assert signer_is_another_person(ObservationFacts()) is None
    reason = signer_is_another_person(ObservationFacts(entered_by_actor=True))
    assert reason and reason.code == "own-observation"


def two_infusions(minutes: int, *rows: Observation, lumens: int = 1) -> Facts:
    facts = facts_of({"drug": "a", "others": ["b"], "minutes": minutes, "lumens": lumens})
    per_ml = Quantity(Decimal(5), MG)
    return replace(
        facts, order=replace(facts.order, concentration=per_ml, diluent="NS"), observations={("a", "b"): rows} if rows else {},
        others=(replace(facts.others[0], concentration=Quantity(Decimal(1), MG), diluent="NS"),),
    )


APART = {n: [replace(LOW, outcome=Outcome(n)), replace(HIGH, outcome=Outcome(n))] for n in "CIU"}


@pytest.mark.parametrize(("facts", "expected"), [
    (two_infusions(60), ("compatibility-no-data", Tier.INFO)),
    (two_infusions(1440), ("compatibility-no-data", Tier.SOFT)),
    (two_infusions(1440, lumens=2), ("compatibility-no-data", Tier.INFO)),
    (two_infusions(1440, *APART["I"]), ("compatibility-incompatible", Tier.HARD)),
    (two_infusions(60, *APART["I"]), ("compatibility-incompatible", Tier.INFO)),
    (two_infusions(1440, *APART["U"]), ("compatibility-uncertain", Tier.SOFT)),
    (two_infusions(1440, *APART["C"]), ("compatibility-passed", Tier.PASSED)),
])
def test_what_cannot_be_kept_apart_is_a_stop(facts: Facts, expected: tuple[str, Tier]) -> None:
    (found,) = check_compatibility(facts)
    assert (found.code, found.tier) == expected


def test_flushes_other_routes_and_other_days_do_not_meet() -> None:
    facts = two_infusions(1440)
    for changed in (
        replace(facts, order=replace(facts.order, purpose="flush")), replace(facts, order=replace(facts.order, route="SC")),
        replace(facts, others=(replace(facts.others[0], purpose="flush"),)),
        replace(facts, others=(replace(facts.others[0], route="SC"),)),
        replace(facts, others=(replace(facts.others[0], start_on=facts.order.last_on.replace(year=2030), last_on=facts.order.last_on.replace(year=2031)),)),
    ):
        assert check_compatibility(changed)[0].tier is Tier.PASSED


def test_an_observation_belongs_to_its_pair_whichever_was_named_first() -> None:
    assert LOW.pair == HIGH.pair == ("a", "b")
    assert LOW.side("a") == HIGH.side("a").__class__("a", Quantity(Decimal(2), MG), "NS")
    assert HIGH.side("b").drug == "b"
