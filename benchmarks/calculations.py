# SPDX-License-Identifier: Apache-2.0
"""The Bayesian fit and the plainest formula, timed in one run; the optimiser of scipy on the same posterior is the baseline."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table

from openinfusion.calculations.domain.levels import bayes
from openinfusion.calculations.domain.levels.compartments import Given
from openinfusion.calculations.domain.levels.population import Covariates, model, typical
from openinfusion.calculations.public import ask

TIMES = 30
WARM = 3
MODEL = model("goti-2018")
TYPICAL = typical(MODEL, Covariates(weight=Decimal(70), age=Decimal(60), crcl=Decimal(65)))
SHORT = ((Given(0, 2000, 2), Given(24.2, 1000, 2)), ((13.0, 12.0), (48.0, 9.5)))
LONG = (
    tuple(Given(12.0 * n, 1000, 1) for n in range(28)),
    ((35.5, 14.0), (83.5, 16.0), (155.5, 17.0), (251.5, 15.0), (323.5, 18.0)),
)


def rows() -> list[dict[str, Any]]:
    """Each thing with its median, its 95th percentile, and how many times its baseline it takes."""
    found = []
    for name, doses, levels in (("fit, 2 doses and 2 levels", *SHORT), ("fit, 28 doses and 5 levels", *LONG)):
        ours = _runs(lambda doses=doses, levels=levels: bayes.fit(MODEL, TYPICAL, doses, levels))
        found.append(_row(name, ours, _runs(_by_scipy(doses, levels))))
    page = _runs(lambda: ask("vancomycin-bayes", GIVEN))
    found.append(_row("vancomycin-bayes, asked", page, _runs(lambda: bayes.fit(MODEL, TYPICAL, *SHORT))))
    surface = {"weight": "80 kg", "height": "180 cm"}
    floats = _runs(lambda: math.sqrt(80 * 180 / 3600))
    found.append(_row("body-surface-mosteller, asked", _runs(lambda: ask("body-surface-mosteller", surface)), floats))
    return found


GIVEN = {
    "model": "goti-2018",
    "weight": "70 kg",
    "age": "60 a",
    "support": "none",
    "stable": "yes",
    "crcl": "65 mL/min",
    "doses": [{"at": "0 h", "dose": "2000 mg", "infusion": "2 h"}, {"at": "24.2 h", "dose": "1000 mg", "infusion": "2 h"}],
    "levels": [{"at": "13 h", "level": "12 mg/L"}, {"at": "48 h", "level": "9.5 mg/L"}],
}


def _by_scipy(doses: tuple[Given, ...], levels: tuple[tuple[float, float], ...]) -> Callable[[], object]:
    from scipy.optimize import minimize

    evidence = bayes.weighed(MODEL, TYPICAL, doses, levels)
    return lambda: minimize(evidence.objective, [0.0] * len(evidence.sds), method="BFGS")


def _runs(work: Callable[[], object]) -> tuple[float, ...]:
    runs = []
    for _ in range(TIMES + WARM):
        begun = time.perf_counter()
        work()
        runs.append((time.perf_counter() - begun) * 1000)
    return tuple(runs[WARM:])


def _row(name: str, runs: tuple[float, ...], baseline: tuple[float, ...]) -> dict[str, Any]:
    median, base = statistics.median(runs), statistics.median(baseline)
    return {
        "name": name,
        "runs": len(runs),
        "median": round(median, 3),
        "p95": round(sorted(runs)[max(0, round(len(runs) * 0.95) - 1)], 3),
        "unit": "ms",
        "baseline": round(base, 4),
        "ratio": round(median / base, 2),
    }


def show(console: Console, rows: list[dict[str, Any]]) -> None:
    """The rows as a table."""
    table = Table("formula", "runs", "median ms", "p95 ms", "baseline ms", "against the baseline")
    for r in rows:
        table.add_row(r["name"], str(r["runs"]), str(r["median"]), str(r["p95"]), str(r["baseline"]), f"× {r['ratio']}")
    console.print(table)


if __name__ == "__main__":
    show(Console(highlight=False), rows())
