# SPDX-License-Identifier: Apache-2.0
"""A stock solution: what one mL of it holds, and its place in the order, on the label and in the mixing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Final

from openinfusion.calculations.domain.figures import Row, row, table
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.kernel.standing import Source

UNITS: Final = ("g", "meq", "mmol", "mg", "ug", "[iU]", "mL")
IONS: Final = frozenset({"sodium", "potassium", "calcium", "magnesium", "phosphate", "phosphorus", "chloride", "acetate"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Ordered in ``unit`` (g, meq, mmol, mg, ug, units or mL), ``per_ml`` of it in a mL.

    ``contents`` is per mL: sodium, potassium, calcium, magnesium (mEq), p (mmol), trace elements (mcg), ca_gluconate (g).
    Osmolarity (mOsm/L), specific gravity and aluminium (mcg/L) are None where no figure is on file.
    """

    code: str
    label: str
    kind: str
    unit: str
    per_ml: Decimal
    contents: Mapping[str, Decimal]
    osmolarity: Decimal | None
    specific_gravity: Decimal | None
    aluminium: Decimal | None
    energy: str
    place: int
    mixing: int
    mixing_text: str
    source: Source

    def held(self, what: str) -> Decimal:
        """What a mL holds of this; zero where the product is not a source of it."""
        return self.contents.get(what, Decimal(0))


@cache
def product(code: str) -> Product:
    """The product with this code; Refused for an ion or a name that is not on file."""
    if code.lower() in IONS:
        raise Refused(Reason("ion-not-salt", f"“{code}” is an ion; electrolytes are ordered as full salts", "name the salt"))
    found = [r for r in table("nutrition_products") if r["code"] == code]
    if not found:
        raise Refused(Reason("product-unknown", f"no stock solution is called “{code}”", "enter it as a product first"))
    return _product(found[0])


def _product(found: Row) -> Product:
    return stock(
        code=found["code"],
        label=found["label"],
        kind=found["kind"],
        unit=found["unit"],
        per_ml=found.figure("per_ml"),
        contents={name: Decimal(text) for name, text in found["contents"].items()},
        osmolarity=_known(found, "osmolarity"),
        specific_gravity=_known(found, "specific_gravity"),
        aluminium=_known(found, "aluminium"),
        energy=found.get("energy", ""),
        source=found.source,
    )


def stock(*, kind: str, unit: str, per_ml: Decimal, energy: str = "", **fields: Any) -> Product:
    """A stock solution of this kind, with its place in the order and in the mixing.

    Refused for a kind or unit that no order knows, for a strength of nothing, and for an emulsion without its energy.
    """
    reasons = []
    if kind not in kinds():
        reasons.append(Reason("kind-unknown", f"no ingredient is of the kind “{kind}”"))
    if unit not in UNITS:
        reasons.append(Reason("unit-unknown", f"a stock solution is ordered in {', '.join(UNITS)}, not in “{unit}”"))
    if per_ml <= 0:
        reasons.append(Reason("no-strength", "a mL holds more than nothing"))
    if kind == "lipid" and energy not in {r["code"] for r in table("nutrition_energy")}:
        reasons.append(Reason("energy-unknown", "an emulsion needs its energy", "choose the emulsion it is like"))
    if reasons:
        raise Refused(*reasons)
    sequence = row("nutrition_sequence", kind=kind)
    place, mixing, step = sequence["place"], sequence["mixing"], sequence["step"]
    return Product(
        kind=kind, unit=unit, per_ml=per_ml, energy=energy, place=place, mixing=mixing, mixing_text=step, **fields
    )


def kinds() -> dict[str, str]:
    """Every kind of ingredient with its label, in the sequence of the order; water last."""
    return {r["kind"]: r["label"] for r in sorted(table("nutrition_sequence"), key=lambda r: int(r["place"]))}


def _known(found: Row, name: str) -> Decimal | None:
    return None if found.get(name) is None else found.figure(name)


def products() -> tuple[Product, ...]:
    """All stock solutions but water, as an order names them."""
    found = [_product(r) for r in table("nutrition_products") if r["kind"] != "water"]
    return tuple(sorted(found, key=lambda p: (p.place, p.label)))
