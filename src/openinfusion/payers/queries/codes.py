# SPDX-License-Identifier: Apache-2.0
"""What a quarterly list of billing codes touches: the contracts and the drugs that stand on codes it ends or changes."""
from __future__ import annotations

from dataclasses import dataclass

from openinfusion.catalog.public import CodeListFact, billed_by
from openinfusion.payers.domain.contract import ContractFact
from openinfusion.payers.queries.contract import priced_by

TOUCHES = frozenset({"changed", "ended"})


@dataclass(frozen=True, slots=True)
class TouchedCode:
    """One change of a list, and who stands on the code."""

    kind: str
    code: str
    words: str
    contracts: tuple[ContractFact, ...]
    drugs: tuple[str, ...]


def touched_by(found: CodeListFact) -> list[TouchedCode]:
    """Every change of a list; of what changes or ends with the open contracts and the drugs that use the code."""
    codes = [code for kind, code, _ in found.changes if kind in TOUCHES]
    contracts, drugs = priced_by(codes, found.first), billed_by(codes)
    return [
        TouchedCode(kind, code, words, tuple(contracts.get(code, ())), tuple(drugs.get(code, ())))
        for kind, code, words in found.changes
    ]
