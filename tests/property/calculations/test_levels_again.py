# SPDX-License-Identifier: Apache-2.0
"""Levels a second time: matrix exponentials for the compartments, a general optimiser for the fit, many doses for a steady state."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.linalg import expm
from scipy.optimize import minimize

from openinfusion.calculations.domain.levels import bayes, compartments
from openinfusion.calculations.domain.levels import first_order as fo
from openinfusion.calculations.domain.levels.compartments import Given
from openinfusion.calculations.domain.levels.population import Covariates, model, typical, variances
from openinfusion.calculations.public import ask

clearances, volumes = st.floats(0.3, 12), st.floats(5, 120)
histories = st.lists(st.tuples(st.floats(4, 30), st.floats(250, 3000), st.floats(0.5, 3)), min_size=1, max_size=5)


def course(history: list[tuple[float, float, float]]) -> tuple[Given, ...]:
    """Doses one after the other: hours since the last, mg, hours it runs."""
    at, doses = 0.0, []
    for gap, amount, over in history:
        doses.append(Given(at, amount, over))
        at += gap
    return tuple(doses)


def by_matrix(parameters: dict[str, float], doses: tuple[Given, ...], until: float) -> tuple[float, float]:
    """Level and area by exponentials of the rate matrix, from one change of the input to the next."""
    out, volume = parameters["clearance"], parameters["central"]
    flow, other = parameters.get("between", 0.0), parameters.get("peripheral", 1.0)
    edges = sorted({0.0, until, *(t for d in doses for t in (d.at, d.at + d.over) if t < until)})
    state = np.array([0.0, 0.0, 0.0, 1.0])  # amounts, area, one
    for begin, end in pairwise(edges):
        rate = sum(d.amount / d.over for d in doses if d.at <= begin < d.at + d.over)
        change = np.array(
            [
                [-(out + flow) / volume, flow / other, 0, rate],
                [flow / volume, -flow / other, 0, 0],
                [1 / volume, 0, 0, 0],
                [0, 0, 0, 0],
            ]
        )
        state = expm(change * (end - begin)) @ state
    return state[0] / volume, state[2]


@settings(max_examples=60, deadline=None)
@given(
    clearances, volumes, st.one_of(st.none(), st.tuples(st.floats(0.5, 12), st.floats(5, 150))), histories, st.floats(0.5, 120)
)
def test_level_and_area_agree_with_matrix_exponentials(
    clearance: float, central: float, second: tuple[float, float] | None, history: list[tuple[float, float, float]], until: float
) -> None:
    parameters = {"clearance": clearance, "central": central}
    if second is not None:
        parameters |= {"between": second[0], "peripheral": second[1]}
    doses = course(history)
    level, area = by_matrix(parameters, doses, until)
    modes = compartments.modes(parameters)
    assert compartments.level(modes, doses, until) == pytest.approx(level, rel=1e-7, abs=1e-9)
    assert compartments.area(modes, doses, 0, until) == pytest.approx(area, rel=1e-7, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(clearances, volumes, st.floats(0.5, 12), st.floats(5, 100), st.floats(0, 1))
def test_a_steady_state_is_what_very_many_doses_come_to(
    clearance: float, central: float, flow: float, other: float, part: float
) -> None:
    modes = compartments.modes({"clearance": clearance, "central": central, "between": flow, "peripheral": other})
    assume(compartments.slowest_half_life(modes) < 200)
    doses = tuple(Given(12.0 * n, 1000, 1) for n in range(400))
    since = 12 * part
    found = compartments.steady(modes, Given(0, 1000, 1), 12, since)
    assert found == pytest.approx(compartments.level(modes, doses, 12.0 * 399 + since if since else 12.0 * 399), rel=1e-6)


@given(st.floats(0.02, 0.5), st.floats(5, 100), st.sampled_from([6, 8, 12, 24]), st.floats(0, 1))
def test_one_compartment_on_decimals_agrees_with_the_floats(k: float, volume: float, interval: int, part: float) -> None:
    regimen = fo.Regimen(dose=Decimal(1000), infusion=Decimal("1.5"), interval=Decimal(interval))
    exact_k, exact_v = Decimal(repr(k)), Decimal(repr(volume))
    since = Decimal(repr(part)) * interval
    found = fo.steady_level(fo.Body(exact_k, exact_v), regimen, since)
    modes = compartments.modes({"clearance": k * volume, "central": volume})
    assert float(found) == pytest.approx(compartments.steady(modes, Given(0, 1000, 1.5), interval, float(since)), rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(
    st.decimals("0.03", "0.3", places=3),
    st.decimals("15", "80", places=1),
    st.sampled_from([8, 12, 24]),
    st.decimals("500", "2000", places=0),
)
def test_levels_of_a_known_body_give_it_back(k: Decimal, volume: Decimal, interval: int, dose: Decimal) -> None:
    regimen = fo.Regimen(dose=dose, infusion=Decimal(1), interval=Decimal(interval))
    body = fo.Body(k, volume)
    early, late = Decimal(2), Decimal(interval) - Decimal("0.5")
    assume((late - early) * k > Decimal("0.4"))
    drawn = [{"after_end": f"{t - 1} h", "level": f"{fo.steady_level(body, regimen, t):.6f} mg/L"} for t in (early, late)]
    assume(all(float(row["level"].split()[0]) > 0.01 and float(row["level"].split()[0]) < 199 for row in drawn))
    worked = ask(
        "two-levels",
        {"dose": f"{dose} mg", "infusion": "1 h", "interval": f"{interval} h", "doses_on_time": "yes", "levels": drawn},
    ).worked
    assert worked.value("k") == pytest.approx(k, rel=Decimal("0.001"))
    assert worked.value("volume") == pytest.approx(volume, rel=Decimal("0.001"))
    assert worked.value("auc24_exact") == pytest.approx(
        fo.daily_area(body.clearance, dose, Decimal(interval)), rel=Decimal("0.001")
    )


@given(st.decimals("0.5", "8", places=2), st.decimals("200", "800", places=0), st.sampled_from([8, 12, 24]))
def test_a_dose_for_an_area_gives_that_area(clearance: Decimal, area: Decimal, interval: int) -> None:
    dose = fo.dose_for_area(clearance, area, Decimal(interval))
    assert fo.daily_area(clearance, dose, Decimal(interval)) == pytest.approx(area)


@given(st.decimals("0.05", "0.5", places=3), st.decimals("10", "60", places=1), st.decimals("2", "30", places=1))
def test_a_dose_for_a_peak_has_that_peak(k: Decimal, volume: Decimal, peak: Decimal) -> None:
    body = fo.Body(k, volume)
    dose = fo.dose_for_peak(body, Decimal(1), Decimal(12), peak)
    regimen = fo.Regimen(dose=dose, infusion=Decimal(1), interval=Decimal(12))
    assert fo.steady_level(body, regimen, Decimal(1)) == pytest.approx(peak)


def by_optimiser(
    of: Any, expected: dict[str, Decimal], doses: tuple[Given, ...], levels: list[tuple[float, float]]
) -> tuple[Any, float]:
    """The same posterior written with matrices, and a general optimiser from several starts."""
    names = list(variances(of))
    omega = np.diag([float(v) for v in variances(of).values()])
    add, share = (float(Decimal(of["residual"][n])) for n in ("add", "share"))

    def minus_twice_log_posterior(eta: Any) -> float:
        own = {name: float(value) for name, value in expected.items()}
        for name, e in zip(names, eta, strict=True):
            own[name] *= float(np.exp(np.clip(e, -8, 8)))
        expected_levels = np.array([by_matrix(own, doses, t)[0] for t, _ in levels])
        spread = add + share * np.maximum(expected_levels, 0) + 1e-12
        misfit = (np.array([y for _, y in levels]) - expected_levels) / spread
        return float(misfit @ misfit + 2 * np.log(spread).sum() + eta @ np.linalg.solve(omega, eta))

    options = {"xatol": 1e-6, "fatol": 1e-9, "maxiter": 2000}
    best = minimize(minus_twice_log_posterior, np.zeros(len(names)), method="Nelder-Mead", options=options)
    return best.x, best.fun


@pytest.mark.parametrize("name", ["goti-2018", "buelga-2005", "adane-2015"])
@pytest.mark.parametrize("levels", [[(13.0, 12.0), (48.0, 9.5)], [(11.5, 30.0)], [(20.0, 4.0), (23.5, 3.0), (47.0, 25.0)]])
def test_the_fit_is_where_a_general_optimiser_finds_it(name: str, levels: list[tuple[float, float]]) -> None:
    of = model(name)
    expected = typical(of, Covariates(weight=Decimal(70), age=Decimal(60), crcl=Decimal(65)))
    doses = (Given(0, 2000, 2), Given(24.2, 1000, 2))
    found = bayes.fit(of, expected, doses, levels)
    eta, value = by_optimiser(of, expected, doses, levels)
    assert found.objective == pytest.approx(value, abs=1e-6)
    assert [d.eta for d in found.deviations.values()] == pytest.approx(list(eta), abs=2e-4)


@settings(max_examples=150, deadline=None)
@example("thomson-2009", [(4.0, 691.0, 1.0)], [(8.0, 51.0), (35.0, 1.0)])
@given(
    st.sampled_from(["goti-2018", "buelga-2005", "thomson-2009", "adane-2015"]),
    histories,
    st.lists(st.tuples(st.floats(0.6, 90), st.floats(1, 60)), min_size=1, max_size=4),
)
def test_any_history_has_a_fit_no_worse_than_the_typical_patient(
    name: str, history: list[tuple[float, float, float]], levels: list[tuple[float, float]]
) -> None:
    of = model(name)
    expected = typical(of, Covariates(weight=Decimal(70), age=Decimal(60), crcl=Decimal(65)))
    doses = course(history)
    found = bayes.fit(of, expected, doses, levels)
    evidence = bayes.weighed(of, expected, doses, levels)
    assert found.objective <= evidence.objective([0.0] * len(evidence.sds)) + 1e-9
    assert all(abs(d.in_sd) < 20 for d in found.deviations.values())


@given(st.floats(1.1, 4))
def test_areas_scale_with_the_doses(times: float) -> None:
    modes = compartments.modes({"clearance": 3.0, "central": 60.0, "between": 6.5, "peripheral": 38.4})
    one, more = (Given(0, 1000, 2), Given(24, 750, 1)), (Given(0, 1000 * times, 2), Given(24, 750 * times, 1))
    assert compartments.area(modes, more, 5, 40) == pytest.approx(times * compartments.area(modes, one, 5, 40))
    assert compartments.area(modes, one, 0, 24) + compartments.area(modes, one, 24, 48) == pytest.approx(
        compartments.area(modes, one, 0, 48)
    )
