# SPDX-License-Identifier: Apache-2.0
"""Forms of the catalog: what a site proposes for parenteral nutrition."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from openinfusion.calculations.public import BOUNDS, STOCK_UNITS, limit_names, nutrition_kinds, shown_unit
from openinfusion.catalog.domain.nutrition import CurveDraft, LimitDraft, StockDraft
from openinfusion.catalog.queries import products_where
from openinfusion.kernel.quantity import parse_decimal
from openinfusion.kernel.refusal import Malformed
from openinfusion.platform.ui.forms import AmountField, StepForm, WholeField


class FigureStepForm(StepForm):
    """A step of a proposed figure, and the version that was looked at."""

    version = WholeField(required=False, widget=forms.HiddenInput)


class Proposal(forms.Form):
    """What every proposal says: where the figure comes from, and why it is set here."""

    source = forms.CharField(max_length=500, help_text="Label, article, or the site's own policy, with its date.")
    why = forms.CharField(label="Why", max_length=500)


def _limits() -> list[tuple[str, str]]:
    return [
        (f"{n.name}|{n.group}", f"{n.name.replace('_', ' ')}, {n.group.replace('_', ' ')} ({shown_unit(n.unit) or 'ratio'})")
        for n in limit_names()
    ]


class LimitForm(Proposal):
    """Bounds of one gauge for one group; a bound left blank stays as on file."""

    limit = forms.ChoiceField(label="Limit", choices=_limits)
    hard_low = AmountField(label="Hard low", required=False)
    soft_low = AmountField(label="Soft low", required=False)
    soft_high = AmountField(label="Soft high", required=False)
    hard_high = AmountField(label="Hard high", required=False)

    field_order = ("limit", "hard_low", "soft_low", "soft_high", "hard_high")


def limit_from(values: dict[str, Any]) -> LimitDraft:
    name, _, group = values["limit"].partition("|")
    return LimitDraft(name=name, group=group, source=values["source"], **{b: values[b] for b in BOUNDS})


class ContentsField(forms.CharField):
    """What a mL holds, such as na=4, cl=4."""

    def clean(self, value: Any) -> Any:
        found: dict[str, Decimal] = {}
        for part in filter(None, (p.strip() for p in str(super().clean(value) or "").split(","))):
            name, _, number = (x.strip() for x in part.partition("="))
            found[name] = _number(number, f"“{part}” is not written like na=4")
        return found


class PointsField(forms.CharField):
    """A curve, point by point: phosphate and calcium on each line."""

    widget = forms.Textarea(attrs={"rows": 5})

    def clean(self, value: Any) -> Any:
        found = []
        for line in filter(None, (x.strip() for x in str(super().clean(value) or "").splitlines())):
            pair = line.replace(",", " ").split()
            if len(pair) != 2:
                raise forms.ValidationError(f"“{line}” is not phosphate and calcium, such as 10 24.5")
            found.append((_number(pair[0], line), _number(pair[1], line)))
        return tuple(found)


def _number(text: str, otherwise: str) -> Decimal:
    try:
        return parse_decimal(text)
    except Malformed as no:
        raise forms.ValidationError(otherwise) from no


class StockForm(Proposal):
    """A stock solution of the site."""

    code = forms.SlugField(max_length=60, help_text="The code of one on file puts this one in its place.")
    label = forms.CharField(label="Name", max_length=200)
    kind = forms.ChoiceField(choices=lambda: list(nutrition_kinds().items()))
    unit = forms.ChoiceField(label="Ordered in", choices=lambda: [(u, shown_unit(u)) for u in STOCK_UNITS])
    per_ml = AmountField(label="A mL holds of that unit")
    contents = ContentsField(
        label="Ions and elements in a mL",
        required=False,
        help_text="na, k, ca, mg, cl, acetate in mEq, p in mmol, zn, cu, mn, se in mcg: na=4, cl=4",
    )
    osmolarity = AmountField(label="Osmolarity, mOsm/L", required=False)
    specific_gravity = AmountField(label="Specific gravity", required=False)
    aluminium = AmountField(label="Aluminium, mcg/L", required=False)
    energy = forms.CharField(label="Energy of an emulsion, such as ile-20", required=False, max_length=40)
    product_id = forms.TypedChoiceField(
        label="Drawn from",
        required=False,
        empty_value=None,
        choices=lambda: [
            ("", "no package chosen"),
            *((str(p.id), p.name) for k in ("drug", "diluent") for p in products_where(kind=k)),
        ],
    )

    field_order = ("code", "label", "kind", "unit", "per_ml", "contents")


def stock_from(values: dict[str, Any]) -> StockDraft:
    return StockDraft(**{k: v for k, v in values.items() if k != "why"})


class CurveForm(Proposal):
    """A calcium-phosphate curve, as published for one product."""

    product = forms.SlugField(label="Amino acid product", max_length=60)
    amino_acid_percent = AmountField(label="Amino acids, final %")
    dextrose_percent = AmountField(label="Dextrose, final %")
    cysteine = forms.BooleanField(label="With cysteine", required=False)
    temperature_c = AmountField(label="Temperature, °C")
    points = PointsField(label="Points", help_text="One a line: phosphate in mmol/L, then the most calcium in mEq/L.")

    field_order = ("product", "amino_acid_percent", "dextrose_percent", "cysteine", "temperature_c", "points")


def curve_from(values: dict[str, Any]) -> CurveDraft:
    return CurveDraft(**{k: v for k, v in values.items() if k != "why"})
