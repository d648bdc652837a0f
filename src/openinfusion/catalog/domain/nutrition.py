# SPDX-License-Identifier: Apache-2.0
"""What a site says about parenteral nutrition: its limits, its stock solutions and its calcium-phosphate curves, as proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from openinfusion.calculations.public import Limit, SolubilityCurve, Stock, site_limit, stock
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.kernel.standing import Source, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitDraft:
    """Soft and hard bounds of one gauge for one group; a bound left blank stays as on file."""

    name: str
    group: str
    soft_low: Decimal | None = None
    soft_high: Decimal | None = None
    hard_low: Decimal | None = None
    hard_high: Decimal | None = None
    source: str

    def bounds(self) -> dict[str, Decimal | None]:
        return {b: getattr(self, b) for b in ("soft_low", "soft_high", "hard_low", "hard_high")}

    def limit(self, signed_by: str = "", on: date | None = None) -> Limit:
        return site_limit(self.name, self.group, self.bounds(), source_of(self.source, signed_by, on))


@dataclass(frozen=True, slots=True, kw_only=True)
class StockDraft:
    """A stock solution: what a mL holds. ``product_id`` is the package it is drawn from at the bench."""

    code: str
    label: str
    kind: str
    unit: str
    per_ml: Decimal
    contents: Mapping[str, Decimal] = field(default_factory=dict)
    osmolarity: Decimal | None = None  # mOsm/L
    specific_gravity: Decimal | None = None
    aluminium: Decimal | None = None  # mcg/L
    energy: str = ""
    product_id: UUID | None = None
    source: str

    def stock(self, signed_by: str = "", on: date | None = None) -> Stock:
        return stock(
            code=self.code,
            label=self.label,
            kind=self.kind,
            unit=self.unit,
            per_ml=self.per_ml,
            contents=self.contents,
            osmolarity=self.osmolarity,
            specific_gravity=self.specific_gravity,
            aluminium=self.aluminium,
            energy=self.energy,
            source=source_of(self.source, signed_by, on),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveDraft:
    """The most calcium (mEq/L) at each phosphate (mmol/L), of one amino acid product at one strength and temperature."""

    product: str
    amino_acid_percent: Decimal
    dextrose_percent: Decimal
    cysteine: bool = False
    temperature_c: Decimal
    points: tuple[tuple[Decimal, Decimal], ...]
    source: str

    def curve(self, signed_by: str = "") -> SolubilityCurve:
        return SolubilityCurve(
            product=self.product,
            amino_acid_percent=self.amino_acid_percent,
            dextrose_percent=self.dextrose_percent,
            cysteine=self.cysteine,
            temperature_c=self.temperature_c,
            source=self.source,
            points=self.points,
            signed_by=signed_by,
        )


def source_of(text: str, signed_by: str = "", on: date | None = None) -> Source:
    """Unverified while it is proposed; signed once another person has put it in force."""
    standing = Standing.SIGNED if signed_by else Standing.UNVERIFIED
    return Source(text, on or date(1, 1, 1), standing, signed_by)


def must_have_source(text: str) -> str:
    """The source in words; Malformed without one."""
    if not text.strip():
        raise Malformed(Fault("source", "a figure names its source"))
    return text.strip()


@dataclass(frozen=True, slots=True)
class SiteNutrition:
    """What holds at a site now: its own limits, stock solutions and signed curves. Empty ones leave what is on file."""

    limits: tuple[Limit, ...] = ()
    stocks: tuple[Stock, ...] = ()
    curves: tuple[SolubilityCurve, ...] = ()
