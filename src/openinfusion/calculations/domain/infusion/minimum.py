# SPDX-License-Identifier: Apache-2.0
"""The least time and the least volume a dose may be given in, and the label's limits as rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.body import WEIGHT
from openinfusion.calculations.domain.calculation import Result, Worked, calculation
from openinfusion.calculations.domain.figures import Row, published, row, table
from openinfusion.calculations.domain.infusion.limit import bound, judged, overall
from openinfusion.calculations.domain.inputs import amount, choice
from openinfusion.kernel.quantity import Rounding
from openinfusion.kernel.refusal import Reason, Refused

_DOSE: Final = amount("dose", "mg", "0.001", "100000")
_MINUTES: Final = amount("minutes", "min", "0.1", "10000", label="Planned time")
_VOLUME: Final = amount("volume", "mL", "0.1", "20000", label="Planned volume")
_RULE: Final = choice("rule", *((r["rule"], r["label"]) for r in table("iv_limits")), label="Drug and situation")
_ONE: Final = Decimal(1)


def least_minutes(dose: Decimal, most_per_minute: Decimal | None, label_minutes: Decimal | None = None) -> Decimal:
    """The longer of the label's time and the dose at its fastest rate, in minutes."""
    by_rate = Decimal(0) if most_per_minute is None else dose / most_per_minute
    return max(by_rate, label_minutes or Decimal(0))


def least_volume(dose: Decimal, most_per_ml: Decimal) -> Decimal:
    """The volume (mL) below which the dose is too concentrated."""
    return dose / most_per_ml


@calculation(
    "minimum-time",
    "Least infusion time",
    group="infusion",
    formula="minutes = the longer of the label's minutes and dose ÷ greatest mg/min",
    source=published("Arithmetic of infusion", 2026),
)
def _time(
    dose_mg: Annotated[Decimal, _DOSE],
    most: Annotated[Decimal, amount("fastest", "mg/min", "0.0001", "10000")],
    label_minutes: Annotated[Decimal | None, amount("label_minutes", "min", "0", "10000")] = None,
) -> Worked:
    """With a limit you have read in the label; iv-limit has the limits of some drugs on file."""
    return Worked(
        results=(Result("minutes", "Least time", least_minutes(dose_mg, most, label_minutes), "min", _ONE, Rounding.UP),)
    )


@calculation(
    "minimum-volume",
    "Least infusion volume",
    group="infusion",
    formula="mL = dose ÷ greatest mg/mL",
    source=published("Arithmetic of infusion", 2026),
)
def _least_volume(
    dose_mg: Annotated[Decimal, _DOSE], most: Annotated[Decimal, amount("most", "mg/mL", "0.0001", "10000")]
) -> Worked:
    """With a limit you have read in the label; iv-limit has the limits of some drugs on file."""
    return Worked(results=(Result("volume", "Least volume", least_volume(dose_mg, most), "mL", _ONE, Rounding.UP),))


@calculation(
    "iv-limit",
    "Label limits of intravenous drugs",
    group="infusion",
    formula="dose ÷ minutes ≤ greatest rate; least ≤ dose ÷ mL ≤ greatest concentration",
    source=published("Limits: one row for each drug and situation", 2026),
)
def _limit(
    rule: Annotated[str, _RULE],
    dose_mg: Annotated[Decimal, _DOSE],
    minutes: Annotated[Decimal | None, _MINUTES] = None,
    volume_ml: Annotated[Decimal | None, _VOLUME] = None,
    weight_kg: Annotated[Decimal | None, WEIGHT] = None,
) -> Worked:
    """The least time and volume of a dose; with a planned time or volume, whether the label allows them."""
    limits = row("iv_limits", rule=rule)
    fastest = _fastest(limits, weight_kg)
    results: list[Result] = []
    if fastest is not None or limits.get("minutes") is not None:
        least = least_minutes(dose_mg, fastest, bound(limits, "minutes"))
        results.append(Result("least_minutes", "Least time", least, "min", _ONE, Rounding.UP))
    if (most := bound(limits, "most_mg_per_ml")) is not None:
        results.append(Result("least_volume", "Least volume", least_volume(dose_mg, most), "mL", _ONE, Rounding.UP))
    verdicts = []
    if minutes is not None:
        results.append(rate := Result("rate", "Rate", dose_mg / minutes, "mg/min", Decimal("0.1")))
        verdicts.append(judged("rate_verdict", rate, high=fastest))
        if (label := bound(limits, "minutes")) is not None:
            verdicts.append(judged("time_verdict", Result("time", "Time", minutes, "min", _ONE), low=label))
    if volume_ml is not None:
        results.append(strength := Result("concentration", "Concentration", dose_mg / volume_ml, "mg/mL", Decimal("0.01")))
        verdicts.append(judged("concentration_verdict", strength, low=bound(limits, "least_mg_per_ml"), high=most))
    if verdicts:
        verdicts.append(overall(verdicts))
    notes = (Reason("note", limits["note"]),) if limits.get("note") else ()
    return Worked(results=(*results, *verdicts), warnings=notes, used=(limits.source,))


def _fastest(limits: Row, weight_kg: Decimal | None) -> Decimal | None:
    """mg/min: the absolute limit, and the one by weight where there is one; Refused without the weight it needs."""
    absolute, per_kg = bound(limits, "most_mg_per_min"), bound(limits, "most_mg_per_kg_per_min")
    if per_kg is None:
        return absolute
    if weight_kg is None:
        raise Refused(Reason("no-weight", "the limit goes by weight", "give the weight"))
    return min(filter(None, (absolute, per_kg * weight_kg)))
