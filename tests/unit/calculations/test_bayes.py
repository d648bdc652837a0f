# SPDX-License-Identifier: Apache-2.0
"""Bayesian fits: whom the models speak of, what a course comes to, and a search that says when it found nothing."""

from __future__ import annotations

from decimal import Decimal
from itertools import count
from math import inf
from typing import Any

import pytest

from openinfusion.calculations.domain.levels import bayes, compartments
from openinfusion.calculations.domain.levels.bayes import Evidence
from openinfusion.calculations.domain.levels.compartments import Given
from openinfusion.calculations.domain.levels.population import Covariates, model, models, typical
from openinfusion.calculations.domain.levels.search import lowest
from openinfusion.calculations.public import Verdict, Worked, ask
from openinfusion.kernel.refusal import Malformed, Refused

GIVEN: dict[str, Any] = {
    "model": "goti-2018",
    "weight": "70 kg",
    "age": "60 a",
    "support": "none",
    "stable": "yes",
    "crcl": "65 mL/min",
    "doses": [{"at": "0 h", "dose": "2 g", "infusion": "2 h"}, {"at": "24 h", "dose": "1 g", "infusion": "2 h"}],
    "levels": [{"at": "13 h", "level": "12 mg/L"}, {"at": "48 h", "level": "9.5 mg/L"}],
}


def fitted(**changes: Any) -> Worked:
    return ask("vancomycin-bayes", {**GIVEN, **changes}).worked


def codes(worked: Worked) -> list[str]:
    return [w.code for w in worked.warnings]


@pytest.mark.parametrize("name", [m["name"] for m in models(for_levels=True)])
def test_every_model_fits_levels_that_its_own_typical_patient_would_have(name: str) -> None:
    newborn = name.startswith("frymoyer")
    known = Covariates(
        weight=Decimal(3) if newborn else Decimal(80),
        age=Decimal(0) if newborn else Decimal(50),
        crcl=Decimal(80),
        crcl_indexed=Decimal(80),
        postmenstrual=Decimal(38),
        creatinine=Decimal("0.8"),
    )
    expected = typical(model(name), known)
    doses = [Given(12.0 * n, 40.0 if newborn else 1000.0, 1.0) for n in range(6)]
    modes = compartments.modes({key: float(value) for key, value in expected.items()})
    levels = [(t, compartments.level(modes, doses, t)) for t in (62.5, 71.9)]
    found = bayes.fit(model(name), expected, doses, levels)
    assert not found.implausible(1)
    assert found.parameters["clearance"] == pytest.approx(float(expected["clearance"]), rel=0.1)
    assert all(0 < d.unknown <= 1 for d in found.deviations.values())


def test_a_model_asks_for_what_it_needs_and_speaks_only_of_its_own() -> None:
    for changes, needs in (
        ({"crcl": ""}, "crcl"),
        ({"model": "roberts-2011"}, "crcl_indexed"),
        ({"model": "frymoyer-2014", "age": "0 a"}, "postmenstrual"),
        ({"model": "frymoyer-2014", "age": "0 a", "postmenstrual": "36 wk"}, "creatinine"),
    ):
        with pytest.raises(Malformed) as missing:
            fitted(**changes)
        assert missing.value.faults[0].path == needs
    with pytest.raises(Refused) as no:
        fitted(age="9 a", support="crrt", stable="no")
    assert [r.code for r in no.value.reasons] == ["renal-function-unstable", "not-covered", "not-this-age"]
    with pytest.raises(Refused, match="no clearance"):
        fitted(model="thomson-2009", crcl="1 mL/min")


def test_hemodialysis_is_covered_where_the_model_was_made_with_it() -> None:
    assert fitted(support="hemodialysis").value("clearance") < fitted().value("clearance")


def test_an_interval_says_what_the_regimen_comes_to_and_goes_on() -> None:
    alone, going_on = fitted(), fitted(interval="24 h", now="49 h")
    assert "auc24_steady" not in {r.name for r in alone.results}
    assert going_on.value("auc24_steady") > 0
    assert going_on.value("peak_steady") > going_on.value("trough_steady")
    assert going_on.value("auc_next_24") > alone.value("auc_next_24")
    assert going_on.curves[0].points[-1][0] == 73
    assert len(going_on.curves[0].marks) == 2


def test_when_enough_is_there_no_next_dose_is_due() -> None:
    assert (
        fitted(levels=[{"at": "13 h", "level": "60 mg/L"}, {"at": "30 h", "level": "70 mg/L"}], target_auc="100 mg.h/L").value(
            "next_dose"
        )
        == 0
    )


def test_now_is_not_before_what_has_happened() -> None:
    with pytest.raises(Malformed, match="lies after it"):
        fitted(now="40 h")
    with pytest.raises(Refused, match="before any dose"):
        fitted(levels=[{"at": "0 h", "level": "12 mg/L"}])


def test_doubtful_draws_are_named() -> None:
    during = [{"at": "1 h", "level": "30 mg/L"}]
    soon = [{"at": "2.5 h", "level": "30 mg/L"}]
    assert codes(fitted(levels=during)) == ["level-during-infusion"]
    assert codes(fitted(levels=soon)) == []
    assert codes(fitted(levels=soon, model="buelga-2005")) == ["distribution"]


def test_an_implausible_patient_is_said_to_be_one() -> None:
    worked = fitted(levels=[{"at": "13 h", "level": "190 mg/L"}, {"at": "20 h", "level": "180 mg/L"}])
    verdict = worked.result("plausibility")
    assert isinstance(verdict, Verdict) and verdict.code == "implausible"
    assert "check times and doses" in str(worked.warnings[0])


def test_the_proposals_leave_out_what_cannot_run_or_be_measured() -> None:
    rows = fitted(target_auc="400 mg.h/L").tables[0].rows
    assert [r[0] for r in rows] == ["every 8 h", "every 12 h", "every 24 h", "every 36 h", "every 48 h", "continuous"]
    long = [{"at": "0 h", "dose": "2 g", "infusion": "12 h"}]
    assert [r[0] for r in fitted(doses=long).tables[0].rows][0] == "every 24 h"
    assert rows[2][1] == "1,250 mg" and 380 < float(rows[2][2]) < 440


def test_the_search_says_when_it_came_to_no_rest() -> None:
    assert not lowest(lambda x: x[0], [0.0]).settled
    assert not lowest(lambda x: abs(x[0]) - x[0] / 2, [0.0]).settled
    falling = count(0, -1)
    assert not lowest(lambda _: float(next(falling)), [0.0]).settled
    assert lowest(lambda x: (x[0] ** 2 - 1) ** 2 + x[1] ** 2, [0.0, 0.0]).at == pytest.approx((1, 0), abs=1e-4)
    found = lowest(lambda x: (x[0] - 3) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2, [0.0, 0.0])
    assert found.settled and found.at == pytest.approx((3, 9), abs=1e-4)


def test_nobody_is_searched_for_at_the_end_of_the_world() -> None:
    evidence = Evidence({"clearance": 4.0, "central": 50.0}, {"clearance": 0.3}, 1.0, 0.1, ())
    assert evidence.objective([21.0]) == inf


def test_a_fit_that_finds_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bayes, "lowest", lambda objective, start: lowest(lambda x: x[0], start))
    with pytest.raises(Refused, match="no parameters explain"):
        fitted()


def test_typical_figures_leave_out_what_the_model_does_not_say() -> None:
    given = {k: v for k, v in GIVEN.items() if k not in ("doses", "levels")}
    assert [r.name for r in ask("vancomycin-population", {**given, "model": "burton"}).worked.results] == ["clearance"]
    assert "k" in {r.name for r in ask("vancomycin-population", {**given, "model": "matzke-1984", "dose": "1 g"}).worked.results}
