# SPDX-License-Identifier: Apache-2.0
"""The difference between two versions of a master formulation, line by line and in words."""

from __future__ import annotations

from collections.abc import Mapping

from openinfusion.catalog.domain.formula_text import FormulaText
from openinfusion.catalog.domain.template_change import Change, changes_between
from openinfusion.kernel.quantity import shown_number

FORMULA_PARTS = {
    "preparation": "Preparation",
    "mixing": "Order of mixing",
    "equipment": "Equipment",
    "quality_checks": "Quality checks",
    "label_text": "Label text",
    "weighing": "Weighing",
}
_NO_GRAVITY = "specific gravity not known, so no weight is judged"
WITHDRAW_WORDS = {"policy": "by the policy of the house", "always": "always", "never": "never"}


def formula_lines(t: FormulaText, products: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Every line of every part in words, by what makes it the same line in another version. ``products``: name by NDC-11."""
    return {
        "preparation": {
            "method": "compounded here" if t.method == "compound" else "dispensed as it is supplied",
            "diluent": f"diluent: {products.get(t.diluent, t.diluent) or 'none'}",
            "container": f"container: {t.container}",
            "device": f"given by: {products.get(t.device, t.device)}",
            "volume": f"final volume: {shown_number(t.final_volume_ml)} mL",
            "most": f"at most {shown_number(t.max_amount)} {t.max_unit} in 1 mL",
            "minutes": f"infused over {t.infusion_minutes} minutes",
            "storage": f"kept: {t.storage}",
            "category": f"Category {t.category}",
            "withdraw": f"drug volume taken out of the bag first: {WITHDRAW_WORDS.get(t.withdraw, t.withdraw)}",
            "closed": "with a closed-system transfer device" if t.closed_system else "without a closed-system transfer device",
        },
        "mixing": {str(n): f"{n}. {line}" for n, line in enumerate(t.mixing, 1)},
        "equipment": {line: line for line in t.equipment},
        "quality_checks": {line: line for line in t.quality_checks},
        "label_text": {line: line for line in t.label_text},
        "weighing": {
            "weighed": "each draw is weighed" if t.weighed else "draws are not weighed",
            "gravity": f"specific gravity: {shown_number(t.specific_gravity)}" if t.specific_gravity else _NO_GRAVITY,
            "tolerance": f"tolerance: {shown_number(t.tolerance_percent)} %" if t.tolerance_percent else "tolerance: the house's",
        },
    }


def formula_difference(before: FormulaText, after: FormulaText, products: Mapping[str, str]) -> tuple[Change, ...]:
    """What the later version changes, part by part; nothing where both say the same."""
    return changes_between(formula_lines(before, products), formula_lines(after, products), FORMULA_PARTS)
