# SPDX-License-Identifier: Apache-2.0
"""What a patient said leads while it is fresh; a contradiction and an old or empty answer are never taken for a no."""
from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.clinical.test_check_rows import made, said

from openinfusion.clinical.domain.checks.pregnancy import Status, check_pregnancy, standing
from openinfusion.clinical.domain.facts import Asked, Facts
from openinfusion.clinical.domain.finding import Tier

PREGNANT = [["Z33.1", "pregnant"]]


def asked(answer: str, days_ago: int = 0, about: str = "pregnancy", **more: object) -> Facts:
    plain = made("ganciclovir J05AB06", **({"age_days": 11_000} | more))
    on = None if answer == "not_asked" else plain.today - timedelta(days=days_ago)
    return made("ganciclovir J05AB06", **({"age_days": 11_000} | more), patient={"asked": (Asked(about=about, said=answer, on=on),)})


@pytest.mark.parametrize(("answer", "days_ago", "conditions", "status"), [
    ("yes", 0, [], Status.YES), ("yes", 200, [], Status.YES), ("no", 0, [], Status.NO), ("no", 30, [], Status.NO),
    ("no", 31, [], Status.NOT_ASKED), ("impossible", 4000, [], Status.NO), ("unknown", 0, [], Status.NOT_ASKED),
    ("not_asked", 0, [], Status.NOT_ASKED), ("not_asked", 0, PREGNANT, Status.YES), ("no", 0, PREGNANT, Status.CONTRADICTS),
    ("impossible", 90, PREGNANT, Status.CONTRADICTS), ("no", 60, PREGNANT, Status.YES), ("unknown", 0, PREGNANT, Status.YES),
])  # fmt: skip
def test_how_it_stands(answer: str, days_ago: int, conditions: list[list[str]], status: Status) -> None:
    assert standing(asked(answer, days_ago, conditions=conditions), "pregnant").status is status


@pytest.mark.parametrize(("answer", "days_ago", "expected"), [
    ("yes", 0, {"pregnancy-ganciclovir-pregnant": Tier.HARD}),
    ("no", 0, {}),
    ("no", 45, {"pregnancy-not-asked": Tier.SOFT}),
    ("unknown", 0, {"pregnancy-not-asked": Tier.SOFT}),
    ("not_asked", 0, {"pregnancy-not-asked": Tier.SOFT}),
])
def test_what_the_check_says(answer: str, days_ago: int, expected: dict[str, Tier]) -> None:
    assert said(check_pregnancy(asked(answer, days_ago))) == expected


def test_a_contradiction_cannot_be_judged_and_an_old_no_says_how_old() -> None:
    found = said(check_pregnancy(asked("no", 3, conditions=PREGNANT)))
    assert found == {"pregnancy-pregnancy-contradicts": Tier.CANNOT_JUDGE}
    (old,) = check_pregnancy(asked("no", 45))
    assert "45 days ago" in old.text and "asked" in old.evidence[2]
    milk = said(check_pregnancy(asked("no", 0, "lactation", conditions=[["Z39.1", "lactating"], ["", "not pregnant"]])))
    assert milk == {"pregnancy-lactation-contradicts": Tier.CANNOT_JUDGE}
    assert said(check_pregnancy(asked("yes", 0, "lactation", conditions=[["", "not pregnant"]]))) == {
        "pregnancy-ganciclovir-lactating": Tier.HARD}


@given(st.sampled_from(["yes", "no", "impossible", "unknown", "not_asked"]), st.integers(0, 400), st.booleans())
def test_nothing_but_a_fresh_no_ever_makes_it_milder(answer: str, days_ago: int, recorded: bool) -> None:
    conditions = PREGNANT if recorded else []
    before = standing(made("ganciclovir J05AB06", age_days=11_000, conditions=conditions), "pregnant").status
    after = standing(asked(answer, days_ago, conditions=conditions), "pregnant").status
    fresh_no = answer == "impossible" or (answer == "no" and days_ago <= 30)
    if not fresh_no:
        assert after is (Status.YES if answer == "yes" else before)
    assert not (recorded and after is Status.NO)
