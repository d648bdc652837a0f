# SPDX-License-Identifier: Apache-2.0
"""An order against its regimen, each border; hold parameters; the account of a whole life."""
from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from openinfusion.catalog.domain.regimen import Basis, HoldRow, RegimenLine
from openinfusion.clinical.domain.checks.regimen import check_regimen
from openinfusion.clinical.domain.checks.route import check_route
from openinfusion.clinical.domain.chemotherapy import ChemotherapyFacts, RegimenPlace, dose_days
from openinfusion.clinical.domain.facts import Figure, LabResult
from openinfusion.clinical.domain.finding import Tier
from openinfusion.clinical.domain.held import HoldJudged, HoldVerdict
from openinfusion.clinical.domain.hold import Known, holding, judge_holds, unjudged
from openinfusion.clinical.domain.hold_override import check_override, hold_overrides
from openinfusion.clinical.domain.lifetime import Lifetime, LifetimeVerdict, Told, lifetime_limits
from openinfusion.clinical.domain.scenario import TODAY, facts_of
from openinfusion.kernel.quantity import MG, UNITS, Quantity
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.standing import Source, Standing
from openinfusion.therapy.domain.regimen_dose import Body, worked_dose

D = Decimal
SIGNED = Source("x", date(2026, 1, 1), Standing.SIGNED)
PLACE = RegimenPlace(
    regimen="AC", source=SIGNED, cycle=2, cycle_state="cleared", cleared_by="Pat", percent=100, expected=Quantity(D(100), MG),
    inputs=("body surface 1.67 m²",), due=(TODAY,), first_day=1, cycle_days=21, previous_on=TODAY - timedelta(days=21), holds=(),
)


def said(dose: str = "100 mg", on: tuple[date, ...] = (TODAY,), life: Lifetime | None = None, place: RegimenPlace | None = PLACE, **more: Any) -> dict[str, Tier]:
    facts = facts_of({"drug": "doxorubicin L01DB01", "dose": dose})
    placed = replace(place, **more) if place else None
    facts = replace(facts, chemotherapy=ChemotherapyFacts(place=placed, ordered_on=on, lifetime=life))
    return {f.code: f.tier for f in check_regimen(facts)}


@pytest.mark.parametrize(("dose", "code", "tier"), [
    ("100 mg", "passed", Tier.PASSED), ("105 mg", "passed", Tier.PASSED), ("95 mg", "passed", Tier.PASSED),
    ("105.1 mg", "dose-differs", Tier.SOFT), ("110 mg", "dose-differs", Tier.SOFT), ("110.1 mg", "dose-high", Tier.HARD),
    ("94.9 mg", "dose-differs", Tier.SOFT), ("10 mg", "dose-differs", Tier.SOFT), ("1000 mg", "dose-high", Tier.HARD),
])
def test_the_dose_against_the_one_worked_out(dose: str, code: str, tier: Tier) -> None:
    assert said(dose) == {f"regimen-{code}": tier}


def test_what_cannot_be_compared_says_so() -> None:
    assert said(expected=None) == {"regimen-dose-unknown": Tier.CANNOT_JUDGE}
    assert said("100 [iU]") == {"regimen-dose-unit": Tier.HARD}
    assert said(place=None) == {"regimen-none": Tier.CANNOT_JUDGE}
    assert check_regimen(facts_of({"drug": "ceftriaxone J01DD04"})) == []


@pytest.mark.parametrize(("since", "expected"), [(21, {"regimen-passed": Tier.PASSED}), (20, {"regimen-too-soon": Tier.SOFT}),
                                                  (19, {"regimen-too-soon": Tier.HARD}), (30, {"regimen-passed": Tier.PASSED})])
def test_the_days_since_the_cycle_before(since: int, expected: dict[str, Tier]) -> None:
    assert said(previous_on=TODAY - timedelta(days=since)) == expected
    assert said(previous_on=None, on=(TODAY,)) == {"regimen-passed": Tier.PASSED}


def test_a_later_line_counts_its_own_first_day() -> None:
    on = (TODAY + timedelta(days=3),)
    assert said(on=on, due=on, first_day=4) == {"regimen-passed": Tier.PASSED}
    assert said(on=on) == {"regimen-days": Tier.SOFT}


def test_hold_parameters_speak_until_the_cycle_is_cleared() -> None:
    held = HoldJudged(test="neutrophils", name="neutrophils", limit="not below 1.5", verdict=HoldVerdict.HOLD, result="1.1", hard=True, why="label")
    missing = replace(held, test="platelets", verdict=HoldVerdict.CANNOT_JUDGE, result="no result on record")
    waiting = {"cycle_state": "planned", "holds": (held, missing)}
    assert said(**waiting) == {"regimen-hold": Tier.HARD, "regimen-hold-unjudged": Tier.CANNOT_JUDGE}
    assert said(cycle_state="planned", holds=(replace(held, hard=False),)) == {"regimen-hold": Tier.SOFT}
    assert said(holds=(held, missing)) == {"regimen-passed": Tier.PASSED}
    assert said(cycle_state="omitted") == {"regimen-cycle-ended": Tier.HARD}


def account(so_far: str, adding: str = "0", **more: Any) -> Lifetime:
    told = more.pop("told", Told(amount=D(0), measure="mg/m2", told_by="x"))
    return Lifetime(limit=lifetime_limits()["doxorubicin"], here=D(so_far), elsewhere=told, adding=D(adding), **more)


@pytest.mark.parametrize(("life", "verdict", "code"), [
    (account("300"), LifetimeVerdict.WITHIN, "regimen-passed"), (account("380", "60"), LifetimeVerdict.NEAR, "regimen-lifetime-near"),
    (account("439.9"), LifetimeVerdict.WITHIN, "regimen-passed"), (account("490", "60"), LifetimeVerdict.NEAR, "regimen-lifetime-near"),
    (account("490", "60.1"), LifetimeVerdict.BEYOND, "regimen-lifetime-beyond"),
    (account("0", told=None), LifetimeVerdict.CANNOT_JUDGE, "regimen-lifetime-unknown"),
    (account("0", told=Told(amount=None, measure="mg/m2", told_by="x")), LifetimeVerdict.CANNOT_JUDGE, "regimen-lifetime-unknown"),
    (account("0", told=Told(amount=D(1), measure="units", told_by="x")), LifetimeVerdict.CANNOT_JUDGE, "regimen-lifetime-unknown"),
    (account("0", related=("epirubicin",)), LifetimeVerdict.CANNOT_JUDGE, "regimen-lifetime-unknown"),
    (account("600", told=None), LifetimeVerdict.BEYOND, "regimen-lifetime-beyond"),
])
def test_the_account_of_a_whole_life(life: Lifetime, verdict: LifetimeVerdict, code: str) -> None:
    assert life.verdict is verdict and code in said(life=life)
    assert life.words and verdict.tone


def test_bleomycin_counts_in_units() -> None:
    limit = lifetime_limits()["bleomycin"]
    assert (limit.limit, limit.measure) == (D(400), "units")


ROW = HoldRow(test="neutrophils", below=D("1.5"), above=None, unit="10*3/uL", max_age_days=3, hard=False, text="label")


def judged(row: HoldRow, *results: tuple[str, str, str, int], **more: Any) -> tuple[HoldVerdict, str]:
    labs: dict[str, tuple[LabResult, ...]] = {}
    for loinc, value, unit, ago in results:
        labs[loinc] = (*labs.get(loinc, ()), LabResult(loinc, loinc, D(value), unit, TODAY - timedelta(days=ago)))
    found = judge_holds([row], Known(today=TODAY, labs=labs, **more))[0]
    return found.verdict, found.result


@pytest.mark.parametrize(("value", "unit", "ago", "verdict"), [
    ("1.5", "10*3/uL", 0, HoldVerdict.MET), ("1.49", "10*3/uL", 0, HoldVerdict.HOLD), ("1600", "/uL", 3, HoldVerdict.MET),
    ("3.0", "10*3/uL", 4, HoldVerdict.CANNOT_JUDGE), ("3.0", "bananas", 0, HoldVerdict.CANNOT_JUDGE),
])
def test_a_hold_row_on_a_result(value: str, unit: str, ago: int, verdict: HoldVerdict) -> None:
    assert judged(ROW, ("751-8", value, unit, ago))[0] is verdict


def test_a_hold_row_without_a_result_above_a_limit_or_told() -> None:
    assert judged(ROW) == (HoldVerdict.CANNOT_JUDGE, "no result on record")
    high = replace(ROW, test="bilirubin", below=None, above=D("1.2"), unit="mg/dL", hard=True)
    assert judged(high, ("1975-2", "1.3", "mg/dL", 1))[0] is HoldVerdict.HOLD
    asked = replace(ROW, below=None)
    assert judged(asked, ("751-8", "0.1", "10*3/uL", 1))[0] is HoldVerdict.MET
    grade = replace(ROW, test="neuropathy", below=None, above=D(2), unit="grade", max_age_days=0)
    assert judged(grade)[0] is HoldVerdict.CANNOT_JUDGE
    assert judged(grade, told={"neuropathy": D(2)})[0] is HoldVerdict.MET
    assert judged(grade, told={"neuropathy": D(3)})[0] is HoldVerdict.HOLD
    clearance = replace(ROW, test="clearance", below=D(45), unit="mL/min", max_age_days=7)
    assert judged(clearance)[0] is HoldVerdict.CANNOT_JUDGE
    assert judged(clearance, clearance=Figure(value=D(40), on=TODAY))[0] is HoldVerdict.HOLD
    found = judge_holds([ROW, high], Known(today=TODAY, labs={"1975-2": (LabResult("1975-2", "b", D(9), "mg/dL", TODAY),)}))
    assert holding(found, hard=True) == ("bilirubin",) and holding(found, hard=False) == () and unjudged(found) == ("neutrophils",)
    assert {j.kept["verdict"] for j in found} == {"hold", "cannot_judge"}


def test_a_result_from_before_the_last_dose_says_nothing_about_the_next() -> None:
    assert judged(ROW, ("751-8", "3.0", "10*3/uL", 1), last_dose_on=TODAY - timedelta(days=2))[0] is HoldVerdict.MET
    for ago in (2, 3):
        verdict, words = judged(ROW, ("751-8", "3.0", "10*3/uL", ago), last_dose_on=TODAY - timedelta(days=2))
        assert verdict is HoldVerdict.CANNOT_JUDGE and "not taken since" in words
    assert judged(ROW, ("751-8", "3.0", "10*3/uL", 1), dose_on=TODAY + timedelta(days=2))[0] is HoldVerdict.MET
    assert judged(ROW, ("751-8", "3.0", "10*3/uL", 1), dose_on=TODAY + timedelta(days=3))[0] is HoldVerdict.CANNOT_JUDGE


def test_a_regimen_that_nobody_signed_says_so() -> None:
    source = Source("x", date(2026, 1, 1), Standing.UNVERIFIED)
    assert said(source=source) == {"regimen-unverified": Tier.INFO, "regimen-passed": Tier.PASSED}


def test_a_verdict_has_its_tone() -> None:
    assert [v.tone for v in HoldVerdict] == ["ok", "crit", "warn"]


def test_an_override_needs_a_coded_reason() -> None:
    assert {"growth_factor", "dose_reduced"} <= {code for code, text in hold_overrides() if text}
    check_override("")
    check_override("recovering")
    with pytest.raises(Malformed, match="no coded reason"):
        check_override("because")


def line(amount: str, basis: Basis, most: str = "") -> RegimenLine:
    return RegimenLine(number=1, order=1, drug_code="x", dose=Quantity(D(amount), MG), basis=basis, days=(1,), route="IV", minutes=60,
                       volume_ml=D(0), diluent="", text="", most=Quantity(D(most), MG) if most else None)


@pytest.mark.parametrize(("of", "body", "expected"), [
    (line("2400", Basis.SURFACE), Body(weight_kg=D("70"), height_cm=D("170")), "4363.5"),
    (line("6", Basis.AREA), Body(clearance_ml_per_min=D(90)), "690"), (line("6", Basis.AREA), Body(clearance_ml_per_min=D(180)), "900"),
    (line("8", Basis.WEIGHT), Body(weight_kg=D(70)), "560"), (line("30", Basis.FLAT), Body(), "30"),
    (line("1.4", Basis.SURFACE, "2"), Body(weight_kg=D("90"), height_cm=D("180")), "2"),
])
def test_a_dose_is_worked_out_from_its_basis(of: RegimenLine, body: Body, expected: str) -> None:
    worked = worked_dose(of, body)
    assert abs(worked.dose.amount - D(expected)) < D("0.1") and worked.inputs[0] == ("regimen", of.words)


@pytest.mark.parametrize("basis", [Basis.SURFACE, Basis.WEIGHT, Basis.AREA])
def test_without_the_body_no_dose_is_worked_out(basis: Basis) -> None:
    with pytest.raises(Refused, match="cannot be worked out"):
        worked_dose(line("1", basis), Body())


def test_the_days_of_an_order_by_interval_and_by_clock() -> None:
    assert len(dose_days(TODAY, 7, every_days=1, interval_hours=12, doses=0)) == 7
    assert dose_days(TODAY, 15, every_days=7, interval_hours=None, doses=0) == tuple(TODAY + timedelta(days=n) for n in (0, 7, 14))


def test_a_vinca_alkaloid_is_stopped_by_every_route_but_the_vein() -> None:
    for route, code in (("SC", "route-vinca-not-iv"), ("IM", "route-vinca-not-iv"), ("intrathecal", "route-vinca-spine")):
        found = check_route(facts_of({"drug": "vincristine L01CA02", "route": route}))
        assert [(f.code, f.tier) for f in found] == [(code, Tier.HARD)]
    assert UNITS.shown == "units"
