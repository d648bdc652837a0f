# SPDX-License-Identifier: Apache-2.0
"""Forecasts by statsforecast: the mean of SES, TSB and IMAPA for lumpy use, of SBA, SES and Theta for the rest.

Measured by the project on public series: Croston and SBA are no safe default for lumpy use, so they are not asked there.
The library counts in binary floating point; what it says is rounded to hundredths of a package at this edge.
"""
from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar

from openinfusion.inventory.domain.demand import Rest, is_lumpy, spread_of

K = TypeVar("K")
LEAST_WEEKS = 8
MISSING = ", as the forecasting library is not installed"
ALPHA = 0.2  # smoothing of SES and TSB; a usual middle value
_CENT = Decimal("0.01")


def forecast(weekly: Mapping[K, Sequence[Decimal]]) -> dict[K, Rest]:
    """What each series will take a week. Too short a series, or no library (requirements/forecast.txt): its plain mean,

    and said so.
    """
    found: dict[K, Rest] = {}
    short_of = "" if importlib.util.find_spec("statsforecast") else MISSING
    for key, weeks in weekly.items():
        long_enough = len(weeks) >= LEAST_WEEKS and any(weeks)
        found[key] = _by_methods(weeks) if long_enough and not short_of else _mean(weeks, short_of if long_enough else "")
    return found


def _mean(weeks: Sequence[Decimal], why: str = "") -> Rest:
    mean = (sum(weeks, Decimal(0)) / len(weeks)).quantize(_CENT, ROUND_HALF_UP) if weeks else Decimal(0)
    return Rest(mean, spread_of(weeks), f"mean{why}", len(weeks))


def _by_methods(weeks: Sequence[Decimal]) -> Rest:
    import numpy  # the library takes seconds to load and compile: only the job that forecasts pays for it

    series = numpy.array([float(w) for w in weeks], dtype=numpy.float64)
    lumpy = is_lumpy(weeks)
    said = []
    for model in _models(lumpy):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # warnings of the library about its own arithmetic
            said.append(float(model.forecast(y=series, h=1)["mean"][0]))
    mean = Decimal(repr(sum(said) / len(said))).quantize(_CENT, ROUND_HALF_UP)
    method = "mean of SES, TSB and IMAPA" if lumpy else "mean of SBA, SES and Theta"
    return Rest(max(Decimal(0), mean), spread_of(weeks), method, len(weeks))


def _models(lumpy: bool) -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from statsforecast.models import IMAPA, TSB, CrostonSBA, SimpleExponentialSmoothing, Theta

    ses = SimpleExponentialSmoothing(alpha=ALPHA)
    return [ses, TSB(alpha_d=ALPHA, alpha_p=ALPHA), IMAPA()] if lumpy else [CrostonSBA(), ses, Theta(season_length=1)]
