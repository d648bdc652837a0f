# SPDX-License-Identifier: Apache-2.0
"""A stock solution: what one mL of it holds, and its place in the order, on the label and in the mixing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from openinfusion.calculations.domain.figures import Row, row, table
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.kernel.standing import Source

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
    sequence = row("nutrition_sequence", kind=found["kind"])
    return Product(
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
        place=sequence["place"],
        mixing=sequence["mixing"],
        mixing_text=sequence["step"],
        source=found.source,
    )


def _known(found: Row, name: str) -> Decimal | None:
    return None if found.get(name) is None else found.figure(name)


def products() -> tuple[Product, ...]:
    """All stock solutions but water, as an order names them."""
    found = [_product(r) for r in table("nutrition_products") if r["kind"] != "water"]
    return tuple(sorted(found, key=lambda p: (p.place, p.label)))
