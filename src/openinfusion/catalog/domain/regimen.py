# SPDX-License-Identifier: Apache-2.0
"""A regimen: drugs, doses and days of a cycle that repeats, and what must be known before each cycle is given."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from openinfusion.kernel.quantity import Quantity, parse_decimal, shown_number, unit
from openinfusion.kernel.refusal import Broken
from openinfusion.kernel.standing import Source


class Basis(StrEnum):
    """What a dose is worked out from: body surface, weight, the area under the curve (Calvert), or nothing."""

    SURFACE = "m2"
    WEIGHT = "kg"
    AREA = "auc"
    FLAT = "flat"


class Emetogenic(StrEnum):
    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    MINIMAL = "minimal"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenLine:
    """One drug of a cycle. ``days`` count from 1; ``order`` is its turn within the day; ``most`` caps a single dose."""

    number: int
    order: int
    drug_code: str
    dose: Quantity  # for AUC a bare number that carries mg
    basis: Basis
    days: tuple[int, ...]
    route: str
    minutes: int
    volume_ml: Decimal
    diluent: str
    text: str
    most: Quantity | None = None

    @property
    def words(self) -> str:
        """The dose as written: 85 mg/m²; AUC 6; 2 mg."""
        if self.basis is Basis.AREA:
            return f"AUC {shown_number(self.dose.amount)}"
        per = {Basis.SURFACE: "/m²", Basis.WEIGHT: "/kg", Basis.FLAT: ""}[self.basis]
        cap = f", at most {self.most}" if self.most else ""
        return f"{self.dose}{per}{cap}"

    @property
    def over(self) -> str:
        """How long it runs, in the unit a person says it in."""
        if self.route == "SC":
            return "injected"
        return f"{self.minutes // 60} h" if self.minutes >= 120 and self.minutes % 60 == 0 else f"{self.minutes} min"


def printed(unit: str) -> str:
    """A laboratory's unit as a person reads it: 10*3/uL → ×10³/µL."""
    return unit.replace("10*3/uL", "×10³/µL")


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """What a result must not be before a cycle. Without ``below`` and ``above`` a recent result is only asked for."""

    test: str
    below: Decimal | None
    above: Decimal | None
    unit: str
    max_age_days: int
    hard: bool
    text: str
    days: tuple[int, ...] = (1,)  # before the dose of which days it is judged; day 1 clears the cycle

    @property
    def limit(self) -> str:
        """The limit in words."""
        if self.above is not None and self.unit == "grade":
            return f"at most grade {shown_number(self.above)}"
        if self.below is not None:
            return f"not below {shown_number(self.below)} {printed(self.unit)}"
        if self.above is not None:
            return f"not above {shown_number(self.above)} {printed(self.unit)}"
        return "a result at hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """One edition of a regimen, with who stands for it."""

    code: str
    edition: int
    name: str
    indications: tuple[str, ...]
    cycle_days: int
    cycles: int
    lines: tuple[RegimenLine, ...]
    holds: tuple[HoldRow, ...]
    emetogenic: Emetogenic
    emetogenic_source: str
    premedication: str
    source: Source

    @property
    def drug_codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.drug_code for line in self.lines))

    @property
    def last_day(self) -> int:
        """The last day of a cycle on which something is given."""
        return max(day for line in self.lines for day in line.days)

    @property
    def days(self) -> tuple[int, ...]:
        """The days of a cycle on which something is given."""
        return tuple(sorted({day for line in self.lines for day in line.days}))

    @property
    def days_asked(self) -> tuple[int, ...]:
        """The days after the first on which a fresh result is asked for before the dose."""
        return tuple(sorted({day for row in self.holds for day in row.days if day > 1}))

    def holds_on(self, day: int) -> tuple[HoldRow, ...]:
        """What is judged before the dose of a day."""
        return tuple(row for row in self.holds if day in row.days)

    def line(self, number: int) -> RegimenLine | None:
        return next((line for line in self.lines if line.number == number), None)

    def on_day(self, day: int) -> tuple[RegimenLine, ...]:
        """What is given on a day, in its order."""
        return tuple(sorted((x for x in self.lines if day in x.days), key=lambda x: (x.order, x.number)))


def read_regimen(body: Mapping[str, Any], source: Source) -> Regimen:
    """A regimen from its row; Broken where the row cannot be one (no lines, days outside the cycle, no dose)."""
    made = Regimen(
        code=body["code"], edition=int(body["edition"]), name=body["name"], indications=tuple(body["indications"]),
        cycle_days=int(body["cycle_days"]), cycles=int(body["cycles"]),
        lines=tuple(_line(n, row) for n, row in enumerate(body["line"], 1)),
        holds=tuple(_hold(row) for row in body.get("hold", ())), emetogenic=Emetogenic(body["emetogenic"]),
        emetogenic_source=body["emetogenic_source"], premedication=body["premedication"], source=source,
    )
    if faults := tuple(_faults(made)):
        raise Broken(f"regimen {made.code}: {'; '.join(faults)}")
    return made


def _line(number: int, row: Mapping[str, Any]) -> RegimenLine:
    of = unit(row.get("unit", "mg"))
    return RegimenLine(
        number=number, order=int(row["order"]), drug_code=row["drug"], dose=Quantity(parse_decimal(row["amount"]), of),
        basis=Basis(row["per"]), days=tuple(int(d) for d in row["days"]), route=row["route"], minutes=int(row["minutes"]),
        volume_ml=Decimal(row["volume_ml"]), diluent=row["diluent"], text=row["text"],
        most=Quantity(parse_decimal(row["most"]), of) if row.get("most") else None,
    )


def _hold(row: Mapping[str, Any]) -> HoldRow:
    below, above = (Decimal(row[k]) if row.get(k) else None for k in ("below", "above"))
    return HoldRow(test=row["test"], below=below, above=above, unit=row["unit"], max_age_days=int(row["max_age_days"]),
                   hard=bool(row["hard"]), text=row["text"], days=tuple(int(d) for d in row.get("days", [1])))


def _faults(made: Regimen) -> list[str]:
    faults = [] if made.lines else ["it has no lines"]
    for line in made.lines:
        if not line.days or min(line.days) < 1 or max(line.days) > made.cycle_days:
            faults.append(f"{line.drug_code} has days outside the cycle")
        if len({b - a for a, b in zip(line.days, line.days[1:], strict=False)}) > 1:
            faults.append(f"{line.drug_code} has days that are not evenly apart: write two lines, each is one order")
        if line.dose.amount <= 0:
            faults.append(f"{line.drug_code} has no dose")
    faults += [f"{row.test} is judged on a day without a dose" for row in made.holds if not set(row.days) <= {1, *made.days}]
    if made.cycles < 1 or made.cycle_days < 1:
        faults.append("it has no cycle")
    return faults
