# SPDX-License-Identifier: Apache-2.0
"""With what a powder is dissolved: the products that may be taken, and how many packages of them a supply needs."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from uuid import UUID

from openinfusion.compounding.domain.vials import Opened, VialSize, choose_vials
from openinfusion.kernel import figures
from openinfusion.kernel.refusal import Broken, Reason, Refused
from openinfusion.kernel.standing import Source, Standing


@dataclass(frozen=True, slots=True)
class SolventRow:
    """The products (by NDC) that a drug's powder may be dissolved with; without a drug: every other one's."""

    drug: str
    ndcs: tuple[str, ...]
    source: Source


@cache
def solvent_rows() -> tuple[SolventRow, ...]:
    """The rows of data/reconstitution.toml."""
    return tuple(
        SolventRow(r["drug"], tuple(r["products"]), Source(r["source"], r["effective_from"], Standing(r["status"])))
        for r in figures.rows("openinfusion.compounding.domain", "data/reconstitution.toml")
    )


def solvents_for(drug: str) -> SolventRow:
    """The row that holds for this drug: its own, or the one for all others."""
    rows = {r.drug: r for r in solvent_rows()}
    if "" not in rows:
        raise Broken("reconstitution.toml has no row for the drugs that have none of their own")
    return rows.get(drug, rows[""])


@dataclass(frozen=True, slots=True)
class Solvent:
    """A diluent as reconstitution sees it. ``free``: packages in stock that nobody holds; None: as if all could be bought."""

    product_id: UUID
    name: str
    ml: Decimal
    free: int | None = None


def choose_solvent(need_ml: Decimal, solvents: Sequence[Solvent]) -> tuple[Opened, ...]:
    """The packages that hold this volume with the least left over; Refused where none is on file or nothing covers it."""
    if not solvents:
        raise Refused(Reason("no-solvent", "no diluent to dissolve the powder with is on file", "add the product"))
    return choose_vials(need_ml, [VialSize(s.product_id, s.ml, s.free) for s in solvents])
