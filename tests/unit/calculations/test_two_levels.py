# SPDX-License-Identifier: Apache-2.0
"""Two levels: every guard speaks, and what cannot be known is left out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from openinfusion.calculations.domain.levels.regimen import nearest
from openinfusion.calculations.domain.levels.target import judged
from openinfusion.calculations.public import Worked, ask
from openinfusion.kernel.refusal import Malformed, Refused

GIVEN: dict[str, Any] = {
    "dose": "1000 mg",
    "infusion": "1 h",
    "interval": "12 h",
    "doses_on_time": "yes",
    "levels": [{"after_end": "1 h", "level": "30 mg/L"}, {"after_end": "10 h", "level": "10 mg/L"}],
}


def two(**changes: Any) -> Worked:
    return ask("two-levels", {**GIVEN, **changes}).worked


def levels(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"after_end": f"{t} h", "level": f"{c} mg/L"} for t, c in pairs]


def codes(worked: Worked) -> list[str]:
    return [w.code for w in worked.warnings]


def refusal(**changes: Any) -> list[str]:
    with pytest.raises(Refused) as no:
        two(**changes)
    return [r.code for r in no.value.reasons]


def test_every_reason_against_the_levels_is_said_at_once() -> None:
    assert refusal(levels=levels(("12", "10"), ("0.5", "30"))) == [
        "trough-before-peak",
        "levels-do-not-fall",
        "not-in-one-interval",
    ]


def test_a_level_while_the_drug_distributes_is_refused_later_for_vancomycin_than_for_aminoglycosides() -> None:
    early = levels(("0.5", "30"), ("10", "10"))
    assert refusal(levels=early) == ["distribution"]
    assert "target" not in {r.name for r in two(levels=early, drug="aminoglycoside").results}


def test_levels_too_close_together_are_refused_and_near_ones_doubted() -> None:
    assert refusal(levels=levels(("1", "30"), ("2", "28"))) == ["too-close"]
    assert "close" in codes(two(levels=levels(("1", "30"), ("8", "17"))))


def test_doses_off_time_and_changed_kidneys_are_refused() -> None:
    assert refusal(doses_on_time="no") == ["doses-not-on-time"]
    for then, now in (("1.0", "1.3"), ("0.4", "0.6"), ("1.5", "1.1")):
        assert refusal(creatinine_then=f"{then} mg/dL", creatinine_now=f"{now} mg/dL") == ["renal-function-changed"]
    assert codes(two(creatinine_then="1.0 mg/dL", creatinine_now="1.2 mg/dL")) == []
    assert codes(two()) == codes(two(creatinine_now="1.0 mg/dL")) == ["creatinine-not-compared"]


def test_without_the_dose_there_is_neither_volume_nor_clearance() -> None:
    assert {"volume", "clearance", "auc24_exact"}.isdisjoint(r.name for r in two(dose="").results)


def test_a_first_dose_begins_at_what_was_there_before() -> None:
    first, again = two(dosing="first"), two(dosing="first", before="5 mg/L")
    assert first.value("volume") < again.value("volume")
    assert {r.name for r in first.results}.isdisjoint({"auc24"})
    assert first.curves[0].points[0][1] == 0
    with pytest.raises(Malformed, match="needs the dose"):
        two(dosing="first", dose="")


def test_an_infusion_ends_before_the_next_dose() -> None:
    with pytest.raises(Malformed, match="ends before"):
        two(infusion="12 h")
    with pytest.raises(Malformed, match="ends before"):
        ask("levels-at-steady-state", {"k": "0.1 1/h", "volume": "50 L", "dose": "1 g", "infusion": "12 h", "interval": "12 h"})


def test_the_curve_runs_through_both_levels_and_the_peak() -> None:
    curve = two().curves[0]
    at = dict(curve.points)
    assert [m[1] for m in curve.marks] == [30, 10]
    assert abs(at[Decimal(1)] - two().value("peak")) < Decimal("1e-20")
    assert abs(at[Decimal(0)] - at[Decimal(12)]) < Decimal("1e-20")


@pytest.mark.parametrize(
    ("area", "code"), [("399", "below"), ("400", "within"), ("600", "within"), ("601", "above"), ("651", "injury")]
)
def test_an_area_is_held_against_the_consensus(area: str, code: str) -> None:
    assert judged(Decimal(area)).code == code


def test_of_two_intervals_as_near_the_longer_is_taken() -> None:
    assert nearest(Decimal(10), [Decimal(8), Decimal(12)]) == 12
    assert nearest(Decimal("9.9"), [Decimal(8), Decimal(12)]) == 8


def test_a_dose_for_peak_and_trough_needs_both_the_right_way_round_and_time_to_run() -> None:
    given = {"k": "0.3 1/h", "volume": "20 L", "infusion": "1 h", "target_peak": "8 mg/L", "target_trough": "1 mg/L"}
    assert ask("dose-for-peak-and-trough", given).worked.value("interval") == 8
    with pytest.raises(Malformed, match="below the peak"):
        ask("dose-for-peak-and-trough", {**given, "target_trough": "8 mg/L"})
    with pytest.raises(Refused, match="next dose"):
        ask("dose-for-peak-and-trough", {**given, "k": "2 1/h", "infusion": "6.5 h", "target_peak": "1.1 mg/L"})


def test_a_dose_for_an_area_needs_no_dose() -> None:
    worked = ask("dose-for-auc", {"k": "0.058 1/h", "volume": "50 L", "target_auc": "475 mg.h/L", "interval": "12 h"}).worked
    assert [r.name for r in worked.results] == ["dose"]
    assert worked.tables[0].rows[2] == ("every 12 h", "689 mg")


def test_a_level_is_read_at_the_same_time_of_a_later_interval() -> None:
    given = {"k": "0.1 1/h", "volume": "50 L", "dose": "1 g", "infusion": "1 h", "interval": "12 h"}
    worked = ask("levels-at-steady-state", {**given, "times": [{"at": "2 h"}, {"at": "26 h"}]}).worked
    assert worked.value("level_1") == worked.value("level_2")
    assert len(ask("levels-at-steady-state", given).worked.results) == 3
