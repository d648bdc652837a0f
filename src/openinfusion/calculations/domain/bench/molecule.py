# SPDX-License-Identifier: Apache-2.0
"""The molecular weight of a formula as chemists write it: CaCl2.2H2O."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.calculation import Result, Step, Worked, calculation
from openinfusion.calculations.domain.figures import published, table
from openinfusion.calculations.domain.inputs import text
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused

_FORMULA: Final = text("formula", r"[A-Za-z0-9().·]{1,60}", "CaCl2.2H2O", label="Chemical formula")
_TOKEN: Final = re.compile(r"([A-Z][a-z]?)(\d*)|(\()|\)(\d*)|(.)")
_MOST_ATOMS: Final = 10_000


def atoms(formula: str) -> Counter[str]:
    """How many atoms of each element; Malformed if the formula cannot be read."""
    found: Counter[str] = Counter()
    for part in re.split(r"[.·]", formula):
        match = re.fullmatch(r"([1-9]\d{0,2})?(.+)", part)
        if match is None:
            raise _unreadable(formula)
        for element, count in _part(match[2], formula).items():
            found[element] += count * int(match[1] or 1)
    return found


def _part(part: str, formula: str) -> Counter[str]:
    stack: list[Counter[str]] = [Counter()]
    for token in _TOKEN.finditer(part):
        element, count, opens, times, wrong = token.groups()
        if wrong is not None or len(count or times or "") > 3 or (element is None and opens is None and len(stack) == 1):
            raise _unreadable(formula)
        if element is not None:
            stack[-1][element] += int(count or 1)
        elif opens is not None:
            stack.append(Counter())
        else:
            inner = stack.pop()
            for name, held in inner.items():
                stack[-1][name] += held * int(times or 1)
    if len(stack) != 1 or not 0 < stack[0].total() <= _MOST_ATOMS or not all(stack[0].values()):
        raise _unreadable(formula)
    return stack[0]


def _unreadable(formula: str) -> Malformed:
    return Malformed(Fault("formula", f"“{formula}” is not a chemical formula such as CaCl2.2H2O"))


def molecular_weight(formula: str) -> Decimal:
    """g/mol by conventional atomic weights; Refused for an element that has none."""
    weights = {row["element"]: row.figure("weight") for row in table("atomic_weights")}
    found = atoms(formula)
    if missing := sorted(set(found) - set(weights)):
        named = ", ".join(missing)
        raise Refused(
            Reason("no-atomic-weight", f"no conventional atomic weight of {named} is on file", "use the label's figure")
        )
    return sum((weights[element] * count for element, count in found.items()), Decimal(0))


@calculation(
    "molecular-weight",
    "Molecular weight of a formula",
    group="bench",
    formula="Σ atoms × atomic weight; water of crystallization after a dot",
    source=published("Conventional atomic weights (IUPAC)", 2021),
)
def _weight(formula: Annotated[str, _FORMULA]) -> Worked:
    """Hydrates count: calcium chloride is weighed with its two waters."""
    used = {row["element"]: row.source for row in table("atomic_weights")}
    found = atoms(formula)
    weight = molecular_weight(formula)
    return Worked(
        results=(Result("weight", "Molecular weight", weight, "g/mol", Decimal("0.001")),),
        steps=tuple(Step(f"{element}: {count}") for element, count in found.items()),
        used=tuple(dict.fromkeys(used[element] for element in found)),
    )
