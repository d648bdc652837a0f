# SPDX-License-Identifier: Apache-2.0
"""Lipid emulsion: the most per day and the fastest rate by product and age, and how long it may hang."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.calculation import Result, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import Row, published, row, table
from openinfusion.calculations.domain.inputs import amount, choice
from openinfusion.calculations.domain.nutrition.gauge import Gauge, Limit
from openinfusion.calculations.domain.nutrition.inputs import ADULT_FROM, AGE, HUNDREDTH, WEIGHT

PRODUCT: Final = choice("product", *((r["code"], r["label"]) for r in table("nutrition_lipid")))
_LABELS: Final = published("Product labels of the emulsions; each limit is a row with its own source", 2023)


def known(product: str) -> bool:
    """Whether the limits of this emulsion are on file."""
    return any(found["code"] == product for found in table("nutrition_lipid"))


def _band(age_years: Decimal) -> str:
    if age_years >= ADULT_FROM:
        return "adult"
    if age_years >= 12:
        return "from_12_to_18"
    return "from_2_to_12" if age_years >= 2 else "birth_to_2"


def _own(name: str, product: str, site: Sequence[Limit]) -> Limit | None:
    return next((own for own in site if own.name == name and own.group == product), None)


def _limit(found: Row, name: str, column: str, unit: str) -> Limit | None:
    if found.get(column) is None:
        return None
    return Limit(name=name, group=found["code"], unit=unit, hard_high=found.figure(column), source=found.source)


def _bound(own: Limit | None, label: Limit | None) -> Limit | None:
    """The site's limit; the label's most stays where the site set none, and no soft limit lies beyond it."""
    if own is None or label is None or own.hard_high is not None or label.hard_high is None:
        return own or label
    soft = own.soft_high if own.soft_high is not None and own.soft_high <= label.hard_high else None
    return replace(own, soft_high=soft, hard_high=label.hard_high)


def daily(product: str, age_years: Decimal, grams_per_kg: Decimal, site: Sequence[Limit] = ()) -> Gauge:
    """g/kg/d against the label's maximum for the age; cannot-judge where the label does not speak of that age."""
    found = row("nutrition_lipid", code=product)
    bound = _bound(_own("lipid", product, site), _limit(found, "lipid", _band(age_years), "g/kg/d"))
    return Gauge("daily", "Lipid per day", grams_per_kg, "g/kg/d", bound)


def rate(product: str, age_years: Decimal, ml_per_kg_h: Decimal, site: Sequence[Limit] = ()) -> Gauge:
    """mL/kg/h against the label's fastest rate for a child or an adult."""
    found = row("nutrition_lipid", code=product)
    column = "rate_adult" if age_years >= ADULT_FROM else "rate_child"
    bound = _bound(_own("lipid_rate", product, site), _limit(found, "lipid_rate", column, "mL/kg/h"))
    return Gauge("rate", "Lipid rate", ml_per_kg_h, "mL/kg/h", bound)


@calculation(
    "lipid-dose-limit",
    "Lipid per day against the label",
    group="nutrition",
    formula="g/kg/d ≤ the label's maximum for product and age",
    source=_LABELS,
)
def _daily(
    product: Annotated[str, PRODUCT],
    age_years: Annotated[Decimal, AGE],
    dose: Annotated[Decimal, amount("dose", "g/kg/d", "0", "20", label="Lipid")],
) -> Worked:
    """Labels differ by product: the same dose may be over one and within another."""
    gauge = daily(product, age_years, dose)
    most = (
        (Result("most", "Most by label", gauge.limit.hard_high, "g/kg/d", HUNDREDTH),)
        if gauge.limit and gauge.limit.hard_high
        else ()
    )
    return Worked(results=(gauge.verdict(), *most), used=(row("nutrition_lipid", code=product).source,))


@calculation(
    "lipid-rate-limit",
    "Lipid rate and hang time against the label",
    group="nutrition",
    formula="mL/kg/h = mL/h ÷ kg; hang time ≤ 12 h by Y-site, 24 h in an admixture",
    source=_LABELS,
)
def _rate(
    product: Annotated[str, PRODUCT],
    age_years: Annotated[Decimal, AGE],
    weight_kg: Annotated[Decimal, WEIGHT],
    given_rate: Annotated[Decimal, amount("rate", "mL/h", above="0", high="500")],
    duration: Annotated[Decimal, amount("duration", "h", above="0", high="48", label="Hangs for")],
    way: Annotated[str, choice("way", ("y-site", "alone, by Y-site"), ("admixture", "in an admixture"))],
) -> Worked:
    """An emulsion alone feeds microbes, so that it hangs for half a day; a long infusion goes in two containers."""
    per_kg = given_rate / weight_kg
    gauge = rate(product, age_years, per_kg)
    hang = hang_time(duration, admixture=way == "admixture")
    return Worked(
        results=(Result("per_kg", "Rate for the weight", per_kg, "mL/kg/h", HUNDREDTH), gauge.verdict(), hang),
        used=(row("nutrition_lipid", code=product).source, _hang_row(way == "admixture").source),
    )


def _hang_row(admixture: bool) -> Row:
    return row("nutrition_practice", name="admixture_hours" if admixture else "lipid_y_site_hours")


def hang_time(hours: Decimal, *, admixture: bool) -> Verdict:
    """Whether one container may hang this long; a lipid alone from 20 to 24 h is split into two."""
    if hours <= _hang_row(admixture).figure():
        return Verdict("hang", "Hang time", "within", f"{hours.normalize():f} h is within the hang time", "ok")
    split = row("nutrition_practice", name="lipid_split_from_hours").figure()
    if not admixture and split <= hours <= 24:
        return Verdict("hang", "Hang time", "split", "too long for one container: two containers of 12 h", "crit")
    return Verdict("hang", "Hang time", "too-long", "too long for one container: stop", "crit")
