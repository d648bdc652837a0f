# SPDX-License-Identifier: Apache-2.0
"""What a pharmacist writes into a version of a master formulation, and whether it is sound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from openinfusion.catalog.domain.formula import METHODS, WITHDRAWALS, FormulaFact
from openinfusion.catalog.domain.product import Storage
from openinfusion.kernel.quantity import unit
from openinfusion.kernel.refusal import Fault, Malformed

MOST_LINES, LINE_LENGTH = 30, 300
LABEL_LENGTH, MOST_LABELS = 80, 4
CATEGORIES = (1, 2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormulaText:
    """A version's content. ``max_amount`` is the most in 1 mL; empty ``diluent`` means that it is made without one.

    ``withdraw``: whether the volume of the drug is first taken out of the bag: policy, always or never.
    ``specific_gravity`` is of the drug as it is drawn (None where nobody knows it: then no weight is judged), and
    ``tolerance_percent`` how far a weight may be off (None: the house's).
    """

    method: str
    diluent: str  # NDC-11
    container: str
    final_volume_ml: Decimal
    max_amount: Decimal
    max_unit: str
    infusion_minutes: int
    storage: str
    category: int
    device: str  # NDC-11
    mixing: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    quality_checks: tuple[str, ...] = ()
    label_text: tuple[str, ...] = ()
    withdraw: str = "policy"
    closed_system: bool = False
    weighed: bool = False
    specific_gravity: Decimal | None = None
    tolerance_percent: Decimal | None = None

    def must_be_sound(self, known: FormulaKnown) -> None:
        """Malformed with every fault."""
        if faults := [*_figure_faults(self, known), *_line_faults(self)]:
            raise Malformed(*faults)


@dataclass(frozen=True, slots=True)
class FormulaKnown:
    """What a formula may speak of: products by NDC-11, and the containers it may be filled into."""

    diluents: frozenset[str] = field(default_factory=frozenset)
    devices: frozenset[str] = field(default_factory=frozenset)
    containers: frozenset[str] = field(default_factory=frozenset)


def formula_text(fact: FormulaFact) -> FormulaText:
    """What a version says."""
    return FormulaText(
        method=fact.method,
        diluent=fact.diluent.ndc11 if fact.diluent else "",
        container=fact.container,
        final_volume_ml=fact.final_volume_ml,
        max_amount=fact.max_concentration.amount,
        max_unit=fact.max_concentration.unit.code,
        infusion_minutes=fact.infusion_minutes,
        storage=fact.storage,
        category=fact.category,
        device=fact.device.ndc11,
        mixing=fact.mixing,
        equipment=fact.equipment,
        quality_checks=fact.quality_checks,
        label_text=fact.label_text,
        withdraw=fact.withdraw,
        closed_system=fact.closed_system,
        weighed=fact.weighed,
        specific_gravity=fact.specific_gravity,
        tolerance_percent=fact.tolerance_percent,
    )


def _figure_faults(t: FormulaText, known: FormulaKnown) -> Iterator[Fault]:
    if t.method not in METHODS:
        yield Fault("method", f"a formula is made to {' or '.join(METHODS)}")
    if t.withdraw not in WITHDRAWALS:
        yield Fault("withdraw", f"the withdrawal is by {', '.join(WITHDRAWALS)}")
    if t.diluent and t.diluent not in known.diluents:
        yield Fault("diluent", f"{t.diluent} is no diluent of the catalog")
    if t.device not in known.devices:
        yield Fault("device", f"{t.device} is no container or device of the catalog")
    if t.container not in known.containers:
        yield Fault("container", f"“{t.container}” is no container: {', '.join(sorted(known.containers))}")
    if t.storage not in {s.value for s in Storage}:
        yield Fault("storage", "it is kept at room temperature, refrigerated or frozen")
    if t.category not in CATEGORIES:
        yield Fault("category", "the category is 1, 2 or 3")
    if not 0 < t.final_volume_ml <= 10000:
        yield Fault("final volume", "a volume is above 0 and at most 10,000 mL")
    if t.max_amount <= 0:
        yield Fault("most in 1 mL", "a strength is above 0")
    try:
        unit(t.max_unit)
    except Malformed:
        yield Fault("most in 1 mL", f"“{t.max_unit}” is no unit")
    if not 0 <= t.infusion_minutes <= 14400:
        yield Fault("infusion minutes", "at most 14,400 minutes (ten days)")
    if t.specific_gravity is not None and not Decimal("0.5") <= t.specific_gravity <= 3:
        yield Fault("specific gravity", "a specific gravity lies between 0.5 and 3")
    if t.tolerance_percent is not None and not Decimal("0.1") <= t.tolerance_percent <= 20:
        yield Fault("tolerance", "a tolerance lies between 0.1 and 20 %")
    if t.weighed and t.specific_gravity is None:
        yield Fault("specific gravity", "what is weighed needs its specific gravity; without it no weight can be judged")


def _line_faults(t: FormulaText) -> Iterator[Fault]:
    if t.method == "compound" and not t.mixing:
        yield Fault("order of mixing", "say how it is made, one step a line")
    if t.method == "compound" and not t.quality_checks:
        yield Fault("quality checks", "say what is looked at before it leaves the hood, one a line")
    for name, lines in (("order of mixing", t.mixing), ("equipment", t.equipment), ("quality checks", t.quality_checks)):
        if len(lines) > MOST_LINES or any(not 1 <= len(line.strip()) <= LINE_LENGTH for line in lines):
            yield Fault(name, f"at most {MOST_LINES} lines of 1 to {LINE_LENGTH} signs")
    if len(t.label_text) > MOST_LABELS or any(not 1 <= len(line.strip()) <= LABEL_LENGTH for line in t.label_text):
        yield Fault("label text", f"at most {MOST_LABELS} lines of 1 to {LABEL_LENGTH} signs")
