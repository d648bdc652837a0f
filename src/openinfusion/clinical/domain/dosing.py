# SPDX-License-Identifier: Apache-2.0
"""What a dosing calculation may take from the chart: who the patient is, which doses were due, which levels came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from openinfusion.kernel import figures
from openinfusion.kernel.quantity import MG, Quantity, UnitMismatch

GENERAL: Final = ("dose-by-weight", "dose-by-surface", "minimum-time")
_HOUR: Final = Decimal(3600)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The calculations that suit a drug, and the LOINC codes of its levels."""

    calculations: tuple[str, ...]
    level_loincs: tuple[str, ...]
    model: str = ""


def sheet_for(drug_code: str) -> Sheet:
    """What is on file for this drug; the general calculations where nothing is."""
    for row in figures.rows("openinfusion.clinical.domain", "data/dosing.toml"):
        if row["drug"] == drug_code:
            return Sheet((*row["calculations"], *GENERAL), tuple(row["level_loincs"]), row.get("model", ""))
    return Sheet(GENERAL, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the chart says; None where nobody recorded it."""

    weight_kg: Decimal | None
    height_cm: Decimal | None
    age_years: int
    sex: str
    crcl_ml_per_min: Decimal | None
    creatinine_mg_per_dl: Decimal | None
    dose: Quantity
    interval_hours: int | None
    infusion_minutes: int
    doses_at: Sequence[datetime] = ()  # every dose that was due until now, the first one first
    levels: Sequence[tuple[datetime, Decimal]] = ()  # mg/L


def prefill(asked: Sequence[str], known: Known, model: str = "") -> dict[str, Any]:
    """The inputs that the chart can answer, as somebody would have typed them; the rest is left to the person."""
    found: dict[str, Any] = {
        "weight": _said(known.weight_kg, "kg"),
        "height": _said(known.height_cm, "cm"),
        "age": f"{known.age_years} a",
        "sex": known.sex if known.sex in ("female", "male") else "",
        "crcl": _said(known.crcl_ml_per_min, "mL/min"),
        "creatinine": _said(known.creatinine_mg_per_dl, "mg/dL"),
        "interval": _said(Decimal(known.interval_hours), "h") if known.interval_hours else "",
        "infusion": f"{known.infusion_minutes} min",
        "model": model,
    }
    mass = _milligrams(known.dose)
    found["dose"] = _said(mass, "mg")
    if known.doses_at and mass is not None:
        start = known.doses_at[0]
        amount, over = _said(mass, "mg"), f"{known.infusion_minutes} min"
        found["doses"] = [{"at": _hours(at, start), "dose": amount, "infusion": over} for at in known.doses_at]
        found["levels"] = [{"at": _hours(at, start), "level": _said(value, "mg/L")} for at, value in known.levels if at > start]
    return {name: found[name] for name in asked if found.get(name)}


def _said(value: Decimal | None, unit: str) -> str:
    return "" if value is None else f"{_plain(value, 3)} {unit}"


def _hours(at: datetime, start: datetime) -> str:
    return f"{_plain(Decimal((at - start).total_seconds()) / _HOUR, 2)} h"


def _plain(value: Decimal, places: int) -> str:
    """As somebody would type it: no trailing zeros, which are read as tenfold doses, and no grouping."""
    return f"{round(value, places).normalize():f}"


def _milligrams(dose: Quantity) -> Decimal | None:
    try:
        return dose.to(MG).amount
    except UnitMismatch:
        return None


def flattened(given: Mapping[str, Any]) -> dict[str, str]:
    """Inputs as the fields of the calculation's page: rows by their number. An amount keeps its unit."""
    fields: dict[str, str] = {}
    for name, value in given.items():
        if isinstance(value, list):
            fields |= {f"{name}.{place}.{column}": text for place, row in enumerate(value, 1) for column, text in row.items()}
        else:
            fields[name] = value
    return fields
