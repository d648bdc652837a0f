# SPDX-License-Identifier: Apache-2.0
"""Osmolarity of a mixture: the estimate from what it holds, the sum of its components, and whether the line may have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from openinfusion.calculations.domain.calculation import Result, Step, Worked, calculation
from openinfusion.calculations.domain.figures import published, row, table
from openinfusion.calculations.domain.inputs import amount, choice, rows
from openinfusion.calculations.domain.nutrition.gauge import Gauge, Limit, limit
from openinfusion.calculations.domain.nutrition.inputs import AMINO_ACIDS, DEXTROSE, LINE, LIPID, ONE, VOLUME
from openinfusion.kernel.refusal import Reason, Refused

COUNTED: Final = choice(
    "counted",
    ("all-ions", "cations and anions, 1 mOsm per mEq"),
    ("cations", "cations alone, 2 mOsm per mEq"),
    label="Which ions the electrolytes count",
    note="1 mOsm per mEq holds only where cations and anions are both counted",
)
_ESTIMATE: Final = published(
    "Usual estimate: 5 per g dextrose, 10 per g amino acids, 0.71 per g lipid, electrolytes by mEq", 2014
)


def estimate(
    *,
    volume_ml: Decimal,
    dextrose_g: Decimal,
    amino_acids_g: Decimal,
    lipid_g: Decimal,
    electrolytes_meq: Decimal,
    cations_only: bool,
) -> Decimal:
    """mOsm/L: 5 per g of dextrose, 10 of amino acids, 0.71 of lipid, 1 per mEq of all ions or 2 per mEq of cations."""
    ions = electrolytes_meq * (2 if cations_only else 1)
    osmoles = 5 * dextrose_g + 10 * amino_acids_g + Decimal("0.71") * lipid_g + ions
    return osmoles * 1000 / volume_ml


def of_components(parts: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    """mOsm/L of volumes (mL) with their osmolarities (mOsm/L), weighted by volume; volumes are taken to add up."""
    return sum((volume * osmolarity for volume, osmolarity in parts), Decimal(0)) / sum((v for v, _ in parts), Decimal(0))


def for_line(osmolarity: Decimal | None, line: str, site: Sequence[Limit] = ()) -> Gauge:
    """The osmolarity against the limit of a peripheral or a central line."""
    return Gauge("osmolarity_for_line", f"Osmolarity for a {line} line", osmolarity, "mOsm/L", limit("osmolarity", line, site))


def _worked(osmolarity: Decimal, line: str, *more: Step) -> Worked:
    gauge = for_line(osmolarity, line)
    assert gauge.limit is not None
    return Worked(
        results=(Result("osmolarity", "Osmolarity", osmolarity, "mOsm/L", ONE), gauge.verdict()),
        steps=more,
        used=(gauge.limit.source,),
    )


@calculation(
    "osmolarity-estimate",
    "Osmolarity, estimated",
    group="nutrition",
    formula="mOsm/L = (5 × g dextrose + 10 × g amino acids + 0.71 × g lipid + mEq) ÷ L",
    source=_ESTIMATE,
)
def _estimate(
    volume: Annotated[Decimal, VOLUME],
    dextrose: Annotated[Decimal, DEXTROSE],
    amino_acids: Annotated[Decimal, AMINO_ACIDS],
    lipid: Annotated[Decimal, LIPID],
    electrolytes: Annotated[Decimal, amount("electrolytes", "meq", "0", "5000")],
    counted: Annotated[str, COUNTED],
    line: Annotated[str, LINE],
) -> Worked:
    """An estimate for the choice of the line; the sum of the components by their labels is nearer."""
    value = estimate(
        volume_ml=volume,
        dextrose_g=dextrose,
        amino_acids_g=amino_acids,
        lipid_g=lipid,
        electrolytes_meq=electrolytes,
        cations_only=counted == "cations",
    )
    ions = electrolytes * (2 if counted == "cations" else 1) * 1000 / volume
    return _worked(value, line, Step("Electrolytes", ions, "mOsm/L"))


_PRODUCTS: Final = tuple((r["code"], r["label"]) for r in table("nutrition_products"))
_PARTS: Final = rows(
    "parts",
    choice("product", *_PRODUCTS),
    VOLUME,
    amount("osmolarity", "mOsm/L", "0", "20000", label="Osmolarity, if other than on file"),
    optional=("osmolarity",),
)


def _osmolarity_of(given: Mapping[str, Any]) -> Decimal:
    if given["osmolarity"] is not None:
        return Decimal(given["osmolarity"])
    found = row("nutrition_products", code=given["product"])
    if found.get("osmolarity") is None:
        raise Refused(Reason("osmolarity-missing", f"no osmolarity of {found['label']} is on file", "enter it from its label"))
    return found.figure("osmolarity")


@calculation(
    "osmolarity-components",
    "Osmolarity by its components",
    group="nutrition",
    formula="mOsm/L = Σ(mL × mOsm/L) ÷ Σ mL",
    source=published("Product labels; each figure is a row with its own source", 2020),
)
def _components(parts: Annotated[Sequence[Mapping[str, Any]], _PARTS], line: Annotated[str, LINE]) -> Worked:
    """Weighted by volume; every component must have a figure, or nothing comes out."""
    return _worked(of_components([(p["volume"], _osmolarity_of(p)) for p in parts]), line)
