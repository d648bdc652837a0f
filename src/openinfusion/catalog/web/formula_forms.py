# SPDX-License-Identifier: Apache-2.0
"""The forms in which a pharmacist begins and writes a version of a master formulation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest

from openinfusion.catalog.domain.formula import METHODS, WITHDRAWALS
from openinfusion.catalog.domain.formula_change import WITHDRAW_WORDS
from openinfusion.catalog.domain.formula_text import CATEGORIES, FormulaText
from openinfusion.catalog.domain.product import Storage
from openinfusion.catalog.queries import FormulaDraftRow, formula_known, product_names
from openinfusion.catalog.web.template_forms import LinesField
from openinfusion.kernel.quantity import shown_number
from openinfusion.platform.ui.forms import AmountField, DayField, WholeField
from openinfusion.platform.web import read

_LINES = ("mixing", "equipment", "quality_checks", "label_text")


def _products(kind: str) -> list[tuple[str, str]]:
    names, known = product_names(), formula_known()
    found = known.diluents if kind == "diluent" else known.devices
    return sorted(((ndc, names[ndc]) for ndc in found), key=lambda x: x[1].lower())


class FormulaForm(forms.Form):
    """Everything of a draft."""

    effective_from = DayField(label="First day")
    source = forms.CharField(max_length=500)
    why = forms.CharField(label="Why", max_length=500)
    method = forms.ChoiceField(
        label="Made", choices=[(m, "compounded here" if m == "compound" else "dispensed as supplied") for m in METHODS]
    )
    container = forms.ChoiceField(label="Container", choices=lambda: [(c, c) for c in sorted(formula_known().containers)])
    diluent = forms.ChoiceField(label="Diluent", required=False, choices=lambda: [("", "none"), *_products("diluent")])
    device = forms.ChoiceField(label="Given by", choices=lambda: _products("device"))
    final_volume_ml = AmountField(label="Final volume, mL")
    max_amount = AmountField(label="Most in 1 mL")
    max_unit = forms.CharField(label="Its unit", max_length=12)
    infusion_minutes = WholeField(label="Infusion minutes", min_value=0, max_value=14400)
    storage = forms.ChoiceField(label="Kept", choices=[(s.value, s.value) for s in Storage])
    category = forms.TypedChoiceField(label="Category", coerce=int, choices=[(c, f"Category {c}") for c in CATEGORIES])
    withdraw = forms.ChoiceField(
        label="Take the drug's volume out of the bag first", choices=[(w, WITHDRAW_WORDS[w]) for w in WITHDRAWALS]
    )
    closed_system = forms.BooleanField(label="With a closed-system transfer device", required=False)
    weighed = forms.BooleanField(label="Each draw is weighed", required=False)
    specific_gravity = AmountField(
        label="Specific gravity of what is drawn",
        required=False,
        help_text="Empty where nobody knows it: no weight is judged then.",
    )
    tolerance_percent = AmountField(label="Tolerance, %", required=False, help_text="Empty: the house's.")
    mixing = LinesField(label="Order of mixing", required=False, help_text="One step a line, in order.")
    equipment = LinesField(label="Equipment", required=False, help_text="One thing a line.")
    quality_checks = LinesField(label="Quality checks", required=False, help_text="One check a line.")
    label_text = LinesField(label="Label text", required=False, help_text="One text a line; it is printed on every container.")
    version = WholeField(required=False, widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class FormulaWritten:
    """What was written: the content, its first day, source and reason, and the version of the draft that was open."""

    content: FormulaText
    effective_from: date
    source: str
    why: str
    version: int | None


def formula_form(draft: FormulaDraftRow) -> FormulaForm:
    """The form, filled with what the draft says."""
    t = draft.text
    lines = {n: "\n".join(getattr(t, n)) for n in _LINES}
    figures = {
        n: shown_number(v).replace(",", "") if (v := getattr(t, n)) is not None else ""
        for n in ("final_volume_ml", "max_amount", "specific_gravity", "tolerance_percent")
    }
    plain = (
        "method",
        "container",
        "diluent",
        "device",
        "max_unit",
        "infusion_minutes",
        "storage",
        "category",
        "withdraw",
        "closed_system",
        "weighed",
    )
    return FormulaForm(
        initial={
            **{n: getattr(t, n) for n in plain},
            **lines,
            **figures,
            "effective_from": draft.effective_from,
            "source": draft.source,
            "why": draft.why,
            "version": draft.version,
        }
    )


def read_formula(request: HttpRequest) -> FormulaWritten:
    """What was written; Malformed with every fault of the form."""
    said: dict[str, Any] = read(FormulaForm, request)
    own = {n: said.pop(n) for n in ("effective_from", "source", "why", "version")}
    return FormulaWritten(FormulaText(**said), **own)
