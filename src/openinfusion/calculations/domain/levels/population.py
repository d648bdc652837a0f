# SPDX-License-Identifier: Apache-2.0
"""Population models of vancomycin: what is typical for a patient's covariates, and how far people differ from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from openinfusion.calculations.domain.figures import Row, row, table
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused

PARAMETERS: Final = ("clearance", "central", "between", "peripheral")
NAMES: Final = {
    "clearance": "Clearance",
    "central": "Central volume",
    "between": "Flow between compartments",
    "peripheral": "Peripheral volume",
}
UNITS: Final = {"clearance": "L/h", "central": "L", "between": "L/h", "peripheral": "L"}
_L_PER_H: Final = Decimal("0.06")  # of a mL/min


@dataclass(frozen=True, slots=True, kw_only=True)
class Covariates:
    """What is known of the patient; a model refuses where it needs what is not."""

    weight: Decimal  # kg
    age: Decimal  # years
    support: str = "none"  # none, hemodialysis, crrt, ecmo
    stable: bool = True
    crcl: Decimal | None = None  # mL/min
    crcl_indexed: Decimal | None = None  # mL/min/1.73 m²
    postmenstrual: Decimal | None = None  # weeks
    creatinine: Decimal | None = None  # mg/dL


def models(*, for_levels: bool = False) -> tuple[Row, ...]:
    """Every model, or those that can be fitted to levels."""
    return tuple(r for r in table("population_models") if "residual" in r.columns or not for_levels)


def model(name: str) -> Row:
    return row("population_models", name=name)


def typical(of: Row, known: Covariates) -> dict[str, Decimal]:
    """Typical clearance (L/h) and volumes (L); Refused outside what the model was made from, Malformed without a covariate."""
    _must_cover(of, known)
    found = {"clearance": _FORMS[of["clearance"]["form"]](_figures(of["clearance"]), known, of["clearance"]["by"])}
    for name in PARAMETERS[1:]:
        if (columns := of.get(name)) is not None:
            found[name] = _scaled(columns, known)
    if known.support == "hemodialysis":
        for name in found:
            found[name] *= Decimal(of[name].get("hemodialysis", "1"))
    if found["clearance"] <= 0:
        raise Refused(Reason("outside-model", "the model gives no clearance for these covariates", "choose another model"))
    return found


def _must_cover(of: Row, known: Covariates) -> None:
    against = []
    if not known.stable:
        text = "renal function is not stable: no model knows the clearance of tomorrow"
        against.append(Reason("renal-function-unstable", text, "draw levels often and dose by them"))
    if known.support not in ("none", *of["covers"]):
        against.append(
            Reason("not-covered", f"{of['title']} was not made from patients on {known.support}", "choose another model")
        )
    if not of.figure("from_years") <= known.age <= of.figure("to_years"):
        against.append(Reason("not-this-age", f"{of['title']} was made from {of['population']}", "choose another model"))
    if against:
        raise Refused(*against)


def _figures(columns: Mapping[str, Any]) -> dict[str, Decimal]:
    return {name: Decimal(text) for name, text in columns.items() if name not in ("form", "by")}


def _scaled(columns: Mapping[str, str], known: Covariates) -> Decimal:
    value = Decimal(columns["value"])
    return value * known.weight / Decimal(columns["over"]) if "over" in columns else value


def needed(known: Covariates, name: str) -> Decimal:
    """A covariate the model needs; Malformed if nobody gave it."""
    value: Decimal | None = getattr(known, name)
    if value is None:
        raise Malformed(Fault(name, "this model needs it"))
    return value


def _power(f: Mapping[str, Decimal], known: Covariates, by: str) -> Decimal:
    return f["value"] * (needed(known, by) / f["over"]) ** f["exponent"]


def _proportional(f: Mapping[str, Decimal], known: Covariates, by: str) -> Decimal:
    return f["value"] * needed(known, by) / f["over"]


def _linear(f: Mapping[str, Decimal], known: Covariates, by: str) -> Decimal:
    return f["value"] * (1 + f["slope"] * (needed(known, by) - f["over"]))


def _affine(f: Mapping[str, Decimal], known: Covariates, by: str) -> Decimal:
    """In mL/min: a slope by creatinine clearance, a share by the kilogram, and a base."""
    return _L_PER_H * (f["slope"] * needed(known, by) + f["per_kg"] * known.weight + f["base"])


def _maturation(f: Mapping[str, Decimal], known: Covariates, by: str) -> Decimal:
    """Of newborns: it grows with weight, ripens with the weeks since the last period, and falls with creatinine."""
    size = (known.weight / f["over"]) ** f["exponent"]
    ripe = 1 / (1 + (needed(known, by) / f["half"]) ** -f["hill"])
    return f["value"] * size * ripe * (1 / needed(known, "creatinine")) ** f["creatinine"]


_FORMS: Final[dict[str, Callable[[Mapping[str, Decimal], Covariates, str], Decimal]]] = {
    "power": _power,
    "proportional": _proportional,
    "linear": _linear,
    "affine": _affine,
    "maturation": _maturation,
}


def variances(of: Row) -> dict[str, Decimal]:
    """Between people, of the logarithm of each parameter that varies."""
    if (given := of.get("variance")) is not None:
        return {name: Decimal(text) for name, text in given.items()}
    return {name: (1 + Decimal(text) ** 2).ln() for name, text in of["cv"].items()}
