# SPDX-License-Identifier: Apache-2.0
"""Infusion and therapies beyond the worked examples: edges, warnings, refusals, and the trap of editions (T7)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from openinfusion.calculations.domain.figures import row, table
from openinfusion.calculations.domain.therapies.rate_steps import planned_rates, rate_rows
from openinfusion.calculations.public import Result, Verdict, Worked, ask
from openinfusion.kernel.refusal import Refused
from openinfusion.kernel.standing import Standing

TABLES = [
    "clotting_factors", "dose_rounding", "elastomeric", "enteral", "gravimetry", "hydration", "immune_globulin", "antibody_rates", "immune_globulin_rates",
    "iv_limits", "lifetime_limits", "neuraxial", "neuraxial_excipients", "newborn", "potassium_limits", "powder", "salts",
    "specific_gravities", "subcutaneous_factors", "subcutaneous_sites", "syringes", "withdrawal", "atomic_weights",
]  # fmt: skip


def worked(name: str, /, **given: Any) -> Worked:
    return ask(name, given).worked


def said(name: str, result: str, /, **given: Any) -> str:
    """A result as it is printed, or the code of a verdict."""
    found = worked(name, **given).result(result)
    return found.code if isinstance(found, Verdict) else str(found)


def refused(name: str, /, **given: Any) -> list[str]:
    with pytest.raises(Refused) as no:
        ask(name, given)
    return [r.code for r in no.value.reasons]


def warned(name: str, /, **given: Any) -> list[str]:
    return [w.code for w in worked(name, **given).warnings]


@pytest.mark.parametrize("name", TABLES)
def test_no_row_claims_to_be_verified(name: str) -> None:
    assert all(r.source.standing is Standing.UNVERIFIED and r.source.text for r in table(name))


def test_t7_the_factor_and_the_rate_are_those_of_the_edition_that_the_row_names() -> None:
    hizentra = row("subcutaneous_factors", product="hizentra")
    assert hizentra.figure("factor") == Decimal("1.37") and "2024" in hizentra.source.text and "1.53" in hizentra.source.text
    assert said("subcutaneous-sites", "rate", product="xembify", volume="25 mL", infusion=1, age="10 a") == "35 mL/h"
    assert said("subcutaneous-sites", "rate", product="xembify", volume="25 mL", infusion=1, age="9.9 a") == "25 mL/h"
    used = worked("subcutaneous-dose", product="hizentra", intravenous="30 g", every="4 wk").used
    assert used == (hizentra.source,)


def test_the_stop_says_how_many_days_later() -> None:
    def stop(volume: str, start: str) -> str:
        return str(worked("infusion-duration", volume=volume, rate="100 mL/h", start=start).result("stop"))

    assert stop("100 mL", "08:15") == "09:15"
    assert stop("100 mL", "23:30") == "00:30, next day"
    assert stop("5000 mL", "08:00") == "10:00, 2 days later"
    assert warned("infusion-duration", volume="100 mL", rate="100 mL/h", start="23:30") == ["clock-change"]
    assert len(worked("infusion-duration", volume="100 mL", rate="100 mL/h").results) == 1


def test_a_limit_that_is_not_on_file_is_not_judged() -> None:
    infusion = {"rule": "calcium-gluconate-infusion", "dose": "2000 mg"}
    assert said("iv-limit", "rate_verdict", minutes="60 min", **infusion) == "cannot-judge"
    assert said("iv-limit", "limits", minutes="60 min", **infusion) == "cannot-judge"
    assert said("iv-limit", "concentration_verdict", volume="250 mL", **infusion) == "within"
    thin = worked("iv-limit", volume="400 mL", **infusion).result("concentration_verdict")
    assert isinstance(thin, Verdict) and thin.code == "beyond" and "below 5.8 mg/mL" in thin.text
    assert said("iv-limit", "concentration_verdict", volume="100 mL", **infusion) == "beyond"


def test_the_slower_of_two_rate_limits_holds() -> None:
    asked = {"rule": "phenytoin-child", "dose": "900 mg", "minutes": "18 min"}
    assert said("iv-limit", "rate_verdict", weight="40 kg", **asked) == "within"  # 50 mg/min
    assert said("iv-limit", "rate_verdict", weight="10 kg", **asked) == "beyond"  # 30 mg/min
    assert warned("iv-limit", weight="40 kg", **asked) == ["note"]


def test_potassium_is_judged_by_its_situation() -> None:
    asked = {"dose": "40 mEq", "volume": "100 mL", "time": "1 h", "daily": "300 mEq/d"}
    assert said("potassium-limit", "rate_verdict", situation="usual", **asked) == "beyond"
    assert said("potassium-limit", "daily_verdict", situation="usual", **asked) == "beyond"
    urgent = worked("potassium-limit", situation="urgent", **asked)
    assert [v.code for v in urgent.results if isinstance(v, Verdict)] == ["cannot-judge", "within", "within", "cannot-judge"]
    assert [w.code for w in urgent.warnings] == ["note"]


def test_a_supply_says_what_cuts_it() -> None:
    asked = {"reservoir": "100 mL", "concentration": "1 mg/mL", "daily": "120 mg/d"}
    assert warned("days-of-supply", **asked) == ["less-than-a-day"]
    assert warned("days-of-supply", beyond_use="12 h", **asked) == ["beyond-use", "less-than-a-day"]
    assert warned("days-of-supply", beyond_use="9 d", **(asked | {"daily": "10 mg/d"})) == ["beyond-use"]
    assert warned("days-of-supply", beyond_use="30 d", **(asked | {"daily": "10 mg/d"})) == []


def test_a_pump_gives_a_last_dose_without_the_time_after_it() -> None:
    asked = {"dose_volume": "50 mL", "time": "1 h", "interval": "6 h", "keep_open": "2 mL/h"}
    assert said("pump-intermittent", "doses", reservoir="110 mL", **asked) == "2 dose"
    assert said("pump-intermittent", "doses", reservoir="109 mL", **asked) == "1 dose"
    assert refused("pump-intermittent", reservoir="49 mL", **asked) == ["reservoir-too-small"]


def test_without_a_basal_rate_a_reservoir_has_no_longest_time() -> None:
    given = {"bolus": "1 mg", "lockout": "7 min", "reservoir": "100 mL", "concentration": "1 mg/mL"}
    names = [r.name for r in worked("patient-controlled-analgesia", **given).results]
    assert "shortest" in names and "longest" not in names
    assert said("patient-controlled-analgesia", "demands", **given) == "8 dose/h"
    alone = worked("patient-controlled-analgesia", bolus="1 mg", lockout="7 min", reservoir="100 mL")
    assert "shortest" not in [r.name for r in alone.results]


DEVICE = {
    "device": "A", "flow": "2 mL/h", "nominal_fill": "96 mL", "least_fill": "60 mL", "greatest_fill": "110 mL", "residual": "3 mL",
    "calibrated_with": "sodium_chloride", "tolerance": "10 %",
}  # fmt: skip
WARM = {"temperature": "31 Cel", "flow_per_degree": "2 %"}


def device(*devices: dict[str, str], **given: str) -> Worked:
    asked = {"volume": "92 mL", "time": "46 h", "fluid": "sodium_chloride"} | given
    return worked("elastomeric-device", devices=list(devices), **asked)


@pytest.mark.parametrize(("volume", "warning"), [("92 mL", ["underfilled"]), ("93 mL", []), ("95 mL", ["overfilled"])])
def test_a_fill_off_nominal_runs_off_nominal(volume: str, warning: list[str]) -> None:
    assert [w.code for w in device(DEVICE, volume=volume).warnings] == warning


def test_a_device_is_only_judged_by_its_own_row() -> None:
    def against(found: Worked) -> list[str]:
        return [line[-1] for line in found.tables[0].rows]

    assert device(DEVICE, fluid="dextrose", time="50.6 h").value("hours") == pytest.approx(Decimal("50.6"))
    assert against(device(DEVICE, temperature="21 Cel")) == ["cannot be judged at this temperature"]
    assert against(device(DEVICE | {"temperature": "31 Cel"}, temperature="21 Cel")) == ["cannot be judged at this temperature"]
    assert against(device(DEVICE | WARM | {"flow_per_degree": "20 %"}, temperature="5 Cel")) == [
        "cannot be judged at this temperature"
    ]
    assert device(DEVICE | WARM, temperature="31 Cel").value("hours") == 46
    assert device(DEVICE | WARM, temperature="21 Cel", time="57 h").value("hours") == pytest.approx(Decimal("57.5"))
    assert against(device(DEVICE, volume="120 mL")) == ["fill outside its range"]
    assert against(device(DEVICE, time="30 h")) == ["too slow"] and against(device(DEVICE, time="60 h")) == ["too fast"]
    assert against(device(DEVICE, time="50 h", window="20 %")) == [""]


def test_a_device_that_holds_less_than_its_fill_is_refused() -> None:
    asked = {"dose": "100 mg", "concentration": "50 mg/mL", "flow": "2 mL/h", "time": "46 h", "residual": "3 mL"}
    assert refused("elastomeric-fill", greatest_fill="94 mL", **asked) == ["fill-exceeds-device"]
    assert warned("elastomeric-fill", greatest_fill="95 mL", **asked) == ["dose-left-behind"]


def test_every_reason_against_the_spine_is_named_at_once() -> None:
    codes = refused("neuraxial-check", route="intrathecal", components=[
        {"component": "vincristine", "vinca": "yes", "parabens": "yes"},
        {"component": "water", "preservative_free": "yes", "has_route": "yes", "edetate": "no"},
    ])  # fmt: skip
    assert codes == ["vinca", "not-preservative-free", "route-not-labelled", *["forbidden-excipient"] * 4]
    assert refused("vinca-container", route="intrathecal", container="syringe") == ["vinca-route", "vinca-container"]


def test_immune_globulin_begins_low_unless_everything_speaks_for_more() -> None:
    asked = {"product": "gamunex_pi", "weight": "70 kg", "dose": "28 g", "first_infusion": "no", "brand_changed": "no"}
    assert refused("immune-globulin-rate-steps", start_step=2, **asked) == ["restart-lowest"]  # nobody told the gap
    assert said("immune-globulin-rate-steps", "first_rate", **asked) == "42 mL/h"
    assert refused("immune-globulin-rate-steps", start_step=2, **(asked | {"first_infusion": "yes"})) == ["restart-lowest"]
    assert refused("immune-globulin-rate-steps", start_step=6, gap="28 d", **asked) == ["no-such-step"]
    slow = asked | {"product": "ivig_10_caution"}
    assert said("immune-globulin-rate-steps", "last_rate", at_risk="yes", **slow) == "168 mL/h"
    assert refused("immune-globulin-rate-steps", at_risk="yes", start_step=2, gap="28 d", **slow) == ["minimum-rate"]
    assert said("immune-globulin-rate-steps", "minutes", step_minutes="15 min", **asked) == "86 min"


def test_a_weight_too_small_for_the_steps_of_a_pump_is_refused() -> None:
    with pytest.raises(Refused):
        planned_rates(next(r for r in rate_rows() if r.code == "privigen_pi"), Decimal("0.3"))


IVIG = {"dose": "1 g/kg", "weight": "100 kg", "policy": "hopa-10", "vials": [{"holds": "10 g"}]}


def test_the_weight_of_the_policy_is_never_above_the_actual_one() -> None:
    body = {"height": "180 cm", "sex": "male"}
    assert refused("immune-globulin-dose", basis="ideal", **IVIG) == ["no-height"]
    assert refused("immune-globulin-dose", basis="adjusted", **IVIG, **body) == ["no-share"]
    assert worked("immune-globulin-dose", basis="ideal", **IVIG, **body).value("ordered") == pytest.approx(
        Decimal("74.992"), abs=Decimal("0.001")
    )
    assert worked("immune-globulin-dose", basis="ideal", **(IVIG | {"weight": "60 kg"}), **body).value("ordered") == 60


def test_what_a_label_does_not_say_is_not_worked_out() -> None:
    hyqvia = worked("subcutaneous-sites", product="hyqvia", volume="700 mL", infusion=5)
    assert [r.name for r in hyqvia.results] == ["sites", "each"] and [w.code for w in hyqvia.warnings] == ["no-rate"]
    assert warned("subcutaneous-dose", product="hyqvia", intravenous="30 g", every="4 wk") == ["note", "trough"]
    assert refused("subcutaneous-sites", product="gammagard", volume="60 mL", infusion=1) == ["band-unknown"]
    assert said("subcutaneous-sites", "sites", product="gammagard", volume="60 mL", infusion=1, weight="40 kg") == "2 site"
    assert said("subcutaneous-sites", "sites", product="gammagard", volume="60 mL", infusion=1, weight="39 kg") == "3 site"


def test_an_adult_by_the_formula_of_children_is_warned_of() -> None:
    assert warned("maintenance-fluid", weight="70 kg", age="40 a") == ["not-a-child"]
    assert warned("maintenance-fluid", weight="66 kg", age="15 a") == ["not-a-child"]
    assert warned("maintenance-fluid", weight="8 kg", age="8 mo") == []


def test_a_lifetime_limit_needs_to_know_the_life() -> None:
    asked = {"dose": "60 mg/m2", "surface": "2 m2", "drug": "doxorubicin"}
    assert said("dose-by-surface", "lifetime", **asked) == "cannot-judge"
    assert said("dose-by-surface", "lifetime", so_far="490 mg/m2", **asked) == "within"
    assert said("dose-by-surface", "left", so_far="600 mg/m2", **asked) == "0 mg/m²"
    capped = worked("dose-by-surface", most_surface="1.5 m2", so_far="500 mg/m2", **asked)
    assert capped.value("dose") == 90 and capped.result("lifetime").code == "within"  # type: ignore[union-attr]


def test_a_dose_below_its_cap_is_not_cut() -> None:
    assert warned("dose-by-weight", dose="5 mg/kg", weight="78 kg", most="400 mg") == []
    cut = worked("dose-by-weight", dose="6 mg/kg", weight="78 kg", most="400 mg")
    assert isinstance(cut.results[0], Result) and cut.value("dose") == 400 and cut.warnings[0].code == "capped"
