# SPDX-License-Identifier: Apache-2.0
"""Immune globulin under the skin: the weekly dose from the dose into a vein, sites and time, and the trough.

Factors and rates drift with the editions of the labels, so each stands in a row that names its edition.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.body import AGE, WEIGHT
from openinfusion.calculations.domain.calculation import Result, Step, Worked, calculation
from openinfusion.calculations.domain.figures import Row, published, row, table
from openinfusion.calculations.domain.infusion.rate import TENTH
from openinfusion.calculations.domain.inputs import amount, choice, whole
from openinfusion.calculations.domain.whole import at_least
from openinfusion.kernel.quantity import Rounding
from openinfusion.kernel.refusal import Reason, Refused

_PRODUCTS: Final = tuple((r["product"], r["label"]) for r in table("subcutaneous_factors"))
_PRODUCT: Final = choice("product", *_PRODUCTS)
_SOURCE: Final = published("Labels of subcutaneous immune globulins, row by row", 2024)
_ONE: Final = Decimal(1)
_HUNDREDTH: Final = Decimal("0.01")
_TROUGH: Final = {"low": "50", "high": "3000", "also": {"g/L": "100"}}


def weekly_grams(vein_grams: Decimal, every_weeks: Decimal, factor: Decimal) -> Decimal:
    """Grams a week under the skin for grams into a vein every so many weeks, by the product's factor."""
    return vein_grams / every_weeks * factor


def sites_for(volume_ml: Decimal, most_per_site: Decimal) -> int:
    """The fewest sites that keep each at or under its greatest volume."""
    return at_least(volume_ml / most_per_site)


@calculation(
    "subcutaneous-dose",
    "Subcutaneous immune globulin from an intravenous dose",
    group="therapy",
    formula="g/week = g into a vein ÷ weeks × factor; mL = g ÷ strength",
    source=_SOURCE,
)
def _dose(
    product: Annotated[str, _PRODUCT],
    grams: Annotated[Decimal, amount("intravenous", "g", "0.1", "300", label="Dose into a vein")],
    every: Annotated[Decimal, amount("every", "wk", "1", "12", note="weeks from one infusion into a vein to the next")],
    days: Annotated[Decimal, amount("give_every", "d", "1", "28", note="how often it goes under the skin")] = Decimal(7),
) -> Worked:
    """The factor is the product's and of the edition its row names; another interval takes its share of the week."""
    found = row("subcutaneous_factors", product=product)
    grams_a_week = weekly_grams(grams, every, found.figure("factor"))
    each = grams_a_week * days / 7
    notes = (Reason("note", found["note"]),) if found.get("note") else ()
    return Worked(
        results=(
            Result("weekly", "Weekly dose", grams_a_week, "g", _HUNDREDTH),
            Result("volume", "Weekly volume", grams_a_week * 1000 / found.figure("mg_per_ml"), "mL", TENTH),
            Result("dose", "Each dose", each, "g", _HUNDREDTH),
            Result("dose_volume", "Volume of each dose", each * 1000 / found.figure("mg_per_ml"), "mL", TENTH),
        ),
        steps=(Step("Factor", found.figure("factor")),),
        warnings=(*notes, Reason("trough", "the trough is measured after the change and the dose adjusted to it")),
        used=(found.source,),
    )


@calculation(
    "subcutaneous-sites",
    "Sites and time of a subcutaneous infusion",
    group="therapy",
    formula="sites = ⌈mL ÷ mL a site⌉; time = mL a site ÷ mL/h a site",
    source=_SOURCE,
)
def _sites(
    product: Annotated[str, _PRODUCT],
    volume_ml: Annotated[Decimal, amount("volume", "mL", "0.5", "2000")],
    number: Annotated[
        int, whole("infusion", 1, 10_000, label="Number of this infusion", note="1 is the first with this product")
    ],
    age_years: Annotated[Decimal | None, AGE] = None,
    weight_kg: Annotated[Decimal | None, WEIGHT] = None,
) -> Worked:
    """All sites run at once, so the time is that of one site. The first infusions allow less than the later ones."""
    limits = site_limits(product, number, age_years, weight_kg)
    count = sites_for(volume_ml, limits.figure("ml_per_site"))
    if (most := limits.get("most_sites")) is not None and count > most:
        raise Refused(
            Reason(
                "too-many-sites",
                f"{count} sites are needed and {most} are allowed at once",
                "give it in two sessions or more often",
            )
        )
    each = volume_ml / count
    results = [Result("sites", "Sites", Decimal(count), "site", _ONE), Result("each", "Volume of a site", each, "mL", TENTH)]
    warned: tuple[Reason, ...] = ()
    if limits.get("ml_per_h_per_site") is None:
        warned = (Reason("no-rate", "the rate of a site is not on file; the time cannot be judged", "take it from the label"),)
    else:
        rate = limits.figure("ml_per_h_per_site")
        results.append(Result("rate", "Greatest rate, all sites", rate * count, "mL/h", TENTH))
        results.append(Result("minutes", "Least time", each / rate * 60, "min", _ONE, Rounding.UP))
    return Worked(results=tuple(results), warnings=warned, used=(limits.source,))


def site_limits(product: str, number: int, age_years: Decimal | None, weight_kg: Decimal | None) -> Row:
    """The row for this infusion of this patient; Refused where age or weight decide and are missing, or no row fits."""
    rows = [
        r
        for r in table("subcutaneous_sites")
        if r["product"] == product and r["from_infusion"] <= number <= r.get("to_infusion", number)
    ]
    missing = [
        word
        for word, value, columns in (
            ("age", age_years, ("from_years", "below_years")),
            ("weight", weight_kg, ("from_kg", "below_kg")),
        )
        if value is None and any(r.get(c) is not None for r in rows for c in columns)
    ]
    if missing:
        raise Refused(Reason("band-unknown", f"the limit goes by {missing[0]}", f"give the {missing[0]}"))
    for found in rows:
        if _within(found, "from_years", "below_years", age_years) and _within(found, "from_kg", "below_kg", weight_kg):
            return found
    raise Refused(Reason("no-site-limits", "no limits of this product for this patient are on file", "take them from the label"))


def _within(found: Row, low: str, high: str, value: Decimal | None) -> bool:
    return value is None or (found.get(low) or 0) <= value < (found.get(high) or 1000)


@calculation(
    "subcutaneous-trough",
    "Weekly volume for a target trough",
    group="therapy",
    formula="mL/week = label example × (kg ÷ its kg) × (target − trough) ÷ its difference, to the nearest mL",
    source=published("Xembify label: 70 kg and 100 mg/dL take 5 mL a week", 2024),
)
def _trough(
    product: Annotated[str, _PRODUCT],
    weight_kg: Annotated[Decimal, WEIGHT],
    trough: Annotated[Decimal, amount("trough", "mg/dL", **_TROUGH)],
    target: Annotated[Decimal, amount("target", "mg/dL", **_TROUGH, label="Target trough")],
) -> Worked:
    """In proportion to weight and difference from the one example on file; the label's table goes before it."""
    found = row("subcutaneous_factors", product=product)
    if found.get("trough_ml_per_week") is None:
        raise Refused(Reason("cannot-judge", "no trough adjustment of this product is on file", "use the table of its label"))
    share = (target - trough) / found.figure("trough_mg_per_dl") * weight_kg / found.figure("trough_kg")
    change = found.figure("trough_ml_per_week") * share
    return Worked(
        results=(Result("change", "Change of the weekly volume", change, "mL", _ONE),),
        warnings=(Reason("proportional", "worked out in proportion from one example of the label", "compare with its table"),),
        used=(found.source,),
    )
