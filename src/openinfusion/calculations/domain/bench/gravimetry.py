# SPDX-License-Identifier: Apache-2.0
"""Checks by weight: one step on the scale, and a whole nutrition bag."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Final

from openinfusion.calculations.domain.calculation import Result, Step, Table, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import published, row, table
from openinfusion.calculations.domain.inputs import amount, choice, rows
from openinfusion.kernel.quantity import rounded, shown_number
from openinfusion.kernel.refusal import Reason, Refused

_SOURCE: Final = published("Gravimetric verification; tolerances and specific gravities as rows", 2026)
_TOLERANCE: Final = amount("tolerance", "%", "0.1", "20", note="the site's if left out")
_MEASURED: Final = amount("measured", "g", "0.001", "20000", label="On the scale")
_TARE: Final = amount("tare", "g", "0", "5000", note="what the empty container weighs")
_GRAVITY: Final = amount("specific_gravity", "1", "0.5", "3")
_INGREDIENTS: Final = rows(
    "ingredients",
    choice("ingredient", *((r["ingredient"], r["label"]) for r in table("specific_gravities")), ("other", "another")),
    amount("volume", "mL", "0.001", "10000"),
    _GRAVITY,
    optional=("specific_gravity",),
    note="another ingredient needs its specific gravity; a typed one wins",
)
_ZERO: Final = Decimal(0)
_HUNDREDTH: Final = Decimal("0.01")


def effective_tolerance(share: Decimal, expected_g: Decimal, scale_sd_g: Decimal) -> Decimal:
    """The share that may be off: the policy's, or two standard deviations of the scale where that is more."""
    return max(share, 2 * scale_sd_g / expected_g)


def weighed(expected_g: Decimal, measured_g: Decimal | None, share: Decimal) -> tuple[Result | Verdict, ...]:
    """Target, bounds and verdict; exactly at a bound passes."""
    results: tuple[Result | Verdict, ...] = (
        Result("target", "Expected", expected_g, "g", _HUNDREDTH),
        Result("low", "At least", expected_g * (1 - share), "g", _HUNDREDTH),
        Result("high", "At most", expected_g * (1 + share), "g", _HUNDREDTH),
    )
    if measured_g is None:
        return results
    off = (measured_g - expected_g) / expected_g
    said = f"{'+' if off > 0 else ''}{shown_number(rounded(off * 100, Decimal('0.1')))} %"
    passes = abs(off) <= share
    verdict = Verdict(
        "verdict",
        "Verdict",
        "pass" if passes else "reject",
        f"{'pass' if passes else 'REJECT'}: {said}",
        "ok" if passes else "crit",
    )
    return (*results, Result("deviation", "Off by", off * 100, "%", Decimal("0.1")), verdict)


@calculation(
    "gravimetric-check",
    "Gravimetric check",
    group="bench",
    formula="expected g = mL × specific gravity; |measured − expected| ÷ expected ≤ tolerance",
    source=_SOURCE,
)
def _check(
    volume_ml: Annotated[Decimal, amount("volume", "mL", "0.01", "10000")],
    gravity: Annotated[Decimal, _GRAVITY],
    measured: Annotated[Decimal, _MEASURED],
    tare: Annotated[Decimal, _TARE] = _ZERO,
    tolerance: Annotated[Decimal | None, _TOLERANCE] = None,
    scale_sd: Annotated[Decimal, amount("scale_deviation", "g", "0", "10", note="standard deviation of the scale")] = _ZERO,
) -> Worked:
    """For small volumes the scale itself is the limit; the tolerance then grows, and it is said."""
    policy = row("gravimetry", name="one-step")
    expected = volume_ml * gravity
    asked = (policy.figure("percent") if tolerance is None else tolerance) / 100
    share = effective_tolerance(asked, expected, scale_sd)
    warned = (Reason("scale-limits", "the scale is less exact than the tolerance asked for", "weigh more, or on a finer scale"),)
    return Worked(
        results=weighed(expected, measured - tare, share),
        steps=(Step("Net weight", measured - tare, "g"), Step("Tolerance", share * 100, "%")),
        warnings=warned if share > asked else (),
        used=(policy.source,),
    )


@calculation(
    "nutrition-bag-weight",
    "Weight of a nutrition bag",
    group="bench",
    formula="g = Σ mL × specific gravity, + the empty bag",
    source=_SOURCE,
)
def _bag(
    ingredients: Annotated[tuple[dict[str, Any], ...], _INGREDIENTS],
    measured: Annotated[Decimal | None, _MEASURED] = None,
    tare: Annotated[Decimal, _TARE] = _ZERO,
    tolerance: Annotated[Decimal | None, _TOLERANCE] = None,
) -> Worked:
    """The whole weight cannot see a small slip: potassium, calcium and insulin are checked one by one."""
    policy = row("gravimetry", name="nutrition-bag")
    share = (policy.figure("percent") if tolerance is None else tolerance) / 100
    lines, total, used = [], _ZERO, [policy.source]
    for place, line in enumerate(ingredients, 1):
        gravity = line["specific_gravity"]
        if gravity is None:
            if line["ingredient"] == "other":
                raise Refused(Reason("no-gravity", f"ingredient {place} has no specific gravity", "take it from the label"))
            found = row("specific_gravities", ingredient=line["ingredient"])
            gravity = found.figure("gravity")
            used.append(found.source)
        total += line["volume"] * gravity
        figures = (line["volume"], gravity, line["volume"] * gravity)
        lines.append((line["ingredient"], *(shown_number(rounded(f, _HUNDREDTH)) for f in figures)))
    blind = Reason("small-slips", "the whole weight does not see a slip of a small additive", "weigh or check it by itself")
    volume = sum((line["volume"] for line in ingredients), _ZERO)
    return Worked(
        results=(
            Result("volume", "Volume", volume, "mL", _HUNDREDTH),
            *weighed(total, None if measured is None else measured - tare, share),
        ),
        tables=(Table("ingredients", "Ingredients", ("ingredient", "mL", "specific gravity", "g"), tuple(lines)),),
        warnings=(blind,),
        used=tuple(dict.fromkeys(used)),
    )
