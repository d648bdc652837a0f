# SPDX-License-Identifier: Apache-2.0
"""Borders that a change by one would move: what still counts, what no longer does, and what is never silenced."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from openinfusion.clinical.domain.checks import judge
from openinfusion.clinical.domain.checks.allergy import _penicillin_label
from openinfusion.clinical.domain.checks.compatibility import check_compatibility
from openinfusion.clinical.domain.checks.duplicate import check_duplicate
from openinfusion.clinical.domain.checks.hepatic import check_hepatic
from openinfusion.clinical.domain.checks.pregnancy import check_pregnancy
from openinfusion.clinical.domain.checks.stability import check_stability
from openinfusion.clinical.domain.compatibility import Mixed, Mode, Observation, Outcome, check_observation
from openinfusion.clinical.domain.condition import told
from openinfusion.clinical.domain.drug_class import word
from openinfusion.clinical.domain.facts import Facts, KnownAllergy
from openinfusion.clinical.domain.figures import figure
from openinfusion.clinical.domain.finding import Tier
from openinfusion.clinical.domain.interaction import Danger, Interaction
from openinfusion.clinical.domain.policy import in_force, lab_units, source_of
from openinfusion.clinical.domain.purpose import purpose_of
from openinfusion.clinical.domain.scenario import facts_of
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.kernel.refusal import Malformed
from openinfusion.kernel.standing import Source, Standing

DAY = date(2026, 3, 2)


def beside(minutes: int, other_minutes: int) -> Facts:
    facts = facts_of({"drug": "a J01AA01", "minutes": minutes, "others": ["b J01BB01"], "lumens": 1})
    return replace(facts, others=(replace(facts.others[0], daily_minutes=Decimal(other_minutes)),))


def tiers(findings: Any) -> dict[str, Tier]:
    return {f.code: f.tier for f in findings}


def test_a_retired_rule_is_silent_and_a_hard_stop_never_is() -> None:
    facts = facts_of({"drug": "ceftriaxone J01DD04", "allergies": [["ceftriaxone", "anaphylaxis"]]})
    before = tiers(judge(facts))
    hard = {c for c, t in before.items() if t is Tier.HARD}
    assert hard and hard < before.keys()
    assert tiers(judge(facts, frozenset(before))).keys() == hard
    quiet = next(c for c, t in before.items() if t is not Tier.HARD)
    assert tiers(judge(facts, frozenset({quiet}))) == {c: t for c, t in before.items() if c != quiet}


def test_two_infusions_that_fill_the_day_exactly_can_be_kept_apart() -> None:
    assert tiers(check_compatibility(beside(440, 1000))) != tiers(check_compatibility(beside(441, 1000)))


@pytest.mark.parametrize(
    ("mine", "theirs", "code"),
    [
        ("J01DD", "J01DD", "duplicate-same-class"),
        ("J01DD04", "J01DD", "duplicate-same-class"),
        ("J01D", "J01DD", "duplicate-same-group"),
        ("J01", "J01DD", "duplicate-passed"),
        ("", "", "duplicate-passed"),
    ],
)
def test_classes_that_are_written_short_are_compared_as_far_as_they_go(mine: str, theirs: str, code: str) -> None:
    facts = facts_of({"drug": f"a {mine}".strip(), "others": [f"b {theirs}".strip()]})
    assert code in tiers(check_duplicate(facts))


@pytest.mark.parametrize(
    ("hours", "code"),
    [(23, "stability-short"), (24, "stability-bounds-supply"), (167, "stability-bounds-supply"), (168, "stability-passed")],
)
def test_a_day_of_stability_is_enough_for_a_day(hours: int, code: str) -> None:
    facts = facts_of({"drug": "a"})
    assert list(tiers(check_stability(replace(facts, stability=replace(facts.stability, hours=hours))))) == [code]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("HIT in 2019", ("hit",), True),
        ("white count low", ("hit",), False),  # up to four letters stand alone
        ("hits", ("hit",), False),
        ("cirrhosis of the liver", ("cirrho",), True),  # longer ones begin a word
        ("precirrhosis", ("cirrho",), False),
        ("latex gloves", ("latex",), True),
        ("latexes", ("latex",), True),  # five letters begin a word
        ("soya", ("soya",), True),
        ("soyas", ("soya",), False),  # four stand alone
        ("", ("hit",), False),
        ("egg", (), False),
    ],
)
def test_a_short_word_stands_alone_and_a_longer_one_begins(text: str, words: tuple[str, ...], expected: bool) -> None:
    assert told(text, words) is expected


def test_a_name_becomes_a_word() -> None:
    assert [word(t) for t in ("Vancomycin HCl", "-Heparin-", "x", "X-ray X")] == ["vancomycin_hcl", "heparin", "x", "x_ray_x"]


def test_an_order_is_therapy_unless_a_row_says_otherwise() -> None:
    assert purpose_of("ceftriaxone") == "therapy"
    assert purpose_of("heparin_lock") in ("flush", "line_lock")


@pytest.mark.parametrize(
    ("since", "below", "days", "covered"),
    [(None, None, 0, True), (None, 28, 0, True), (None, 28, 27, True), (None, 28, 28, False), (28, None, 27, False), (28, None, 28, True),
     (1, None, 0, False), (None, 28, None, True)],
)  # fmt: skip
def test_an_interaction_by_age_covers_its_first_day_and_not_its_last(
    since: int | None, below: int | None, days: int | None, covered: bool
) -> None:
    source = Source("a paper", DAY, Standing.UNVERIFIED)
    pair = Interaction(
        code="x", left="a", right="b", danger=Danger.SERIOUS, effect="", do="", source=source, set_name="s", from_days=since, below_days=below
    )  # fmt: skip
    assert pair.covers(days) is covered and pair.by_age is not (since is None and below is None)


def test_a_figure_and_a_row_carry_their_whole_source() -> None:
    row = {"source": "a paper", "effective_from": DAY, "status": "signed", "signed_by": "Pat Two"}
    assert source_of(row) == Source("a paper", DAY, Standing.SIGNED, "Pat Two")
    assert source_of({k: v for k, v in row.items() if k != "signed_by"} | {"status": "unverified"}) == Source(
        "a paper", DAY, Standing.UNVERIFIED, ""
    )
    found = figure("rule_override_high")
    assert found.value == 95 and found.source.effective_from == date(2020, 1, 1) and found.source.standing is Standing.UNVERIFIED
    assert found.source.text.startswith("Alert studies") and found.source.signed_by == ""


def test_the_row_in_force_is_the_newest_that_has_begun() -> None:
    rows = [{"effective_from": DAY + timedelta(days=n), "n": n} for n in (0, 10, 20)]
    assert [in_force(rows, DAY + timedelta(days=d))["n"] for d in (0, 9, 10, 19, 20, 400)] == [0, 0, 10, 10, 20, 20]
    assert in_force(rows, DAY - timedelta(days=1))["n"] == 0  # before the first began, the first counts


@pytest.mark.parametrize(("ago", "code"), [(30, "hepatic-alt"), (31, "hepatic-passed")])
def test_a_liver_value_counts_to_the_last_day_of_its_window(ago: int, code: str) -> None:
    found = tiers(check_hepatic(facts_of({"drug": "caspofungin J02AX04", "labs": [["1742-6", "201", "U/L", ago]]})))
    assert code in found, found


def test_a_liver_value_at_its_limit_is_not_above_it() -> None:
    assert "hepatic-alt" not in tiers(check_hepatic(facts_of({"drug": "caspofungin J02AX04", "labs": [["1742-6", "200", "U/L", 1]]})))


@pytest.mark.parametrize(("years", "asks"), [(11, False), (12, True), (55, True), (56, False)])
def test_pregnancy_is_asked_about_from_twelve_to_fifty_five(years: int, asks: bool) -> None:
    facts = facts_of({"drug": "ganciclovir J05AB06"})
    facts = replace(facts, patient=replace(facts.patient, age_years=years, sex="female"))
    assert ("pregnancy-not-asked" in tiers(check_pregnancy(facts))) is asks


@pytest.mark.parametrize("allergy", [("amoxicillin", "", ()), ("something", "nafcillin", ()), ("something", "", ("penicillin",))])
def test_a_penicillin_is_known_by_its_name_its_code_or_its_group(allergy: tuple[str, str, tuple[str, ...]]) -> None:
    substance, code, groups = allergy
    assert _penicillin_label(KnownAllergy(substance=substance, drug_code=code, groups=frozenset(groups)))
    assert not _penicillin_label(KnownAllergy(substance="aztreonam", drug_code="aztreonam", groups=frozenset({"monobactam"})))


def test_an_observation_at_no_concentration_is_none() -> None:
    def side(per_ml: str) -> Mixed:
        return Mixed("a" if per_ml == "5" else "b", Quantity(Decimal(per_ml), MG), "NS")

    def observed(per_ml: str) -> Observation:
        return Observation(one=side("5"), other=side(per_ml), mode=Mode.Y_SITE, outcome=Outcome("C"), citation="a paper", phenomenon="")

    check_observation(observed("0.001"))
    with pytest.raises(Malformed, match="more than zero"):
        check_observation(observed("0"))


def test_each_laboratory_test_is_entered_in_the_first_unit_of_its_rows() -> None:
    units = lab_units()
    assert len({loinc for loinc, _, _ in units}) == len(units) and ("2823-3", "potassium", "mmol/L") in units
