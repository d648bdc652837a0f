# SPDX-License-Identifier: Apache-2.0
"""Doses by body weight and by body surface, with caps and with the limit of a whole life."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.body import WEIGHT
from openinfusion.calculations.domain.calculation import Result, Step, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import published, row, table
from openinfusion.calculations.domain.infusion.rate import TENTH
from openinfusion.calculations.domain.inputs import amount, choice
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.standing import Source

_SOURCE: Final = published("Arithmetic of dosing; limits of a whole life as rows", 2026)
_CAP: Final = amount("most", "mg", "0.001", "100000", label="Greatest single dose")
_DRUG: Final = choice(
    "drug", *((r["drug"], r["label"]) for r in table("lifetime_limits")), ("other", "another drug"), label="Drug"
)
_SO_FAR: Final = amount("so_far", "mg/m2", "0", "10000", label="Given in life so far", note="with related drugs converted")
_CAP_SURFACE: Final = amount("most_surface", "m2", "0.5", "3", note="only where the protocol caps the surface")
_ZERO: Final = Decimal(0)


def capped(dose: Decimal, most: Decimal | None) -> tuple[Decimal, tuple[Reason, ...]]:
    """The dose, not above the greatest one, and the word that it was cut."""
    if most is None or dose <= most:
        return dose, ()
    return most, (Reason("capped", f"cut from {shown_number(dose)} mg to the greatest single dose"),)


def lifetime_limit(drug: str) -> tuple[Decimal, Source] | None:
    """The greatest amount of a whole life, mg/m², with its source; None where no row is on file for the drug."""
    if not any(r["drug"] == drug for r in table("lifetime_limits")):
        return None
    limit = row("lifetime_limits", drug=drug)
    return limit.figure("mg_per_m2"), limit.source


@calculation("dose-by-weight", "Dose by weight", group="therapy", formula="mg = mg/kg × kg, not above the cap", source=_SOURCE)
def _by_weight(
    per_kg: Annotated[Decimal, amount("dose", "mg/kg", "0.0001", "10000")],
    weight_kg: Annotated[Decimal, WEIGHT],
    most: Annotated[Decimal | None, _CAP] = None,
) -> Worked:
    """Not rounded to vials: dose-rounding and vial-choice do that, and say so."""
    dose, warned = capped(per_kg * weight_kg, most)
    return Worked(results=(Result("dose", "Dose", dose, "mg", TENTH),), warnings=warned)


@calculation(
    "dose-by-surface",
    "Dose by body surface, with the limit of a whole life",
    group="therapy",
    formula="mg = mg/m² × m²; given in life + this dose (mg/m²) ≤ the drug's limit",
    source=_SOURCE,
)
def _by_surface(
    per_m2: Annotated[Decimal, amount("dose", "mg/m2", "0.001", "20000")],
    surface: Annotated[Decimal, amount("surface", "m2", "0.1", "4")],
    drug: Annotated[str, _DRUG],
    so_far: Annotated[Decimal | None, _SO_FAR] = None,
    most_surface: Annotated[Decimal | None, _CAP_SURFACE] = None,
) -> Worked:
    """The surface is capped only if the protocol says so. A drug without a row of its own is not judged."""
    used = surface if most_surface is None else min(surface, most_surface)
    results: list[Result | Verdict] = [Result("dose", "Dose", per_m2 * used, "mg", TENTH)]
    steps = (Step("Surface used", used, "m2"),)
    if drug == "other":
        none = Verdict("lifetime", "Limit of a whole life", "cannot-judge", "no limit of this drug is on file", "idle")
        return Worked(results=(*results, none), steps=steps)
    limit = row("lifetime_limits", drug=drug)
    results.append(_lifetime(per_m2 * used / surface, so_far, limit.figure("mg_per_m2")))
    if so_far is not None:
        left = max(limit.figure("mg_per_m2") - so_far, _ZERO)
        results.append(Result("left", "Left of the limit", left, "mg/m2", TENTH))
    return Worked(results=tuple(results), steps=steps, used=(limit.source,))


def _lifetime(dose: Decimal, so_far: Decimal | None, limit: Decimal) -> Verdict:
    name, label = "lifetime", "Limit of a whole life"
    if so_far is None:
        return Verdict(name, label, "cannot-judge", "what was given in life so far is not told", "warn")
    if so_far + dose > limit:
        return Verdict(name, label, "beyond", f"{shown_number(so_far + dose)} mg/m² is above {shown_number(limit)} mg/m²", "crit")
    return Verdict(name, label, "within", f"{shown_number(so_far + dose)} of {shown_number(limit)} mg/m²", "ok")
