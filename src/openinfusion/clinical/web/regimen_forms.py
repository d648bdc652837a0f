# SPDX-License-Identifier: Apache-2.0
"""Forms of a patient's regimen: start, clear, delay, reduce, record as given, order a line, note earlier exposure."""
from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from openinfusion.catalog import public as catalog
from openinfusion.clinical.domain.hold import TOLD
from openinfusion.clinical.domain.hold_override import hold_overrides
from openinfusion.clinical.domain.lifetime import lifetime_limits
from openinfusion.kernel.quantity import shown_number
from openinfusion.platform.ui.forms import AmountField, DayField
from openinfusion.therapy.public import GivenLine

_GRADES = [("", "not graded"), *((str(g), f"grade {g}") for g in range(5))]


class StartForm(forms.Form):
    """Which regimen, from which day, how many cycles."""

    code = forms.ChoiceField(label="Regimen", choices=lambda: [(r.code, r.name) for r in catalog.regimens()])
    start_on = DayField(label="Day 1 of cycle 1")
    cycles = forms.IntegerField(label="How many cycles (0: as the regimen has)", initial=0, min_value=0, max_value=52)


class ClearForm(forms.Form):
    """What the laboratory does not tell, and the prescriber's override where something holds."""

    override_code = forms.ChoiceField(
        label="If something holds: why it is given all the same", required=False,
        choices=lambda: [("", "no override"), *hold_overrides()])
    override_note = forms.CharField(label="In words", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    approved_by = forms.CharField(label="Approved by (the prescriber)", required=False, max_length=200)

    def __init__(self, *args: Any, tests: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {t: forms.ChoiceField(label=f"{t.capitalize()}, CTCAE", required=False, choices=_GRADES)
                 for t in tests if t in TOLD}
        self.fields = {**{f"told_{t}": field for t, field in asked.items()}, **self.fields}


def cleared_values(values: dict[str, Any]) -> dict[str, Any]:
    """What the form says, as the action takes it."""
    told = {k.removeprefix("told_"): Decimal(v) for k, v in values.items() if k.startswith("told_") and v}
    return {"told": told} | {k: values[k] for k in ("override_code", "override_note", "approved_by")}


class DelayForm(forms.Form):
    """The new day 1; later cycles move along."""

    day1_on = DayField(label="New day 1")


class ReduceForm(forms.Form):
    """A share of the full dose."""

    percent = forms.IntegerField(label="Per cent of the full dose", min_value=1, max_value=99)
    later_too = forms.BooleanField(label="Later cycles too", required=False, initial=True)


class GiveForm(forms.Form):
    """What was given, line by line: the amount of one day and on how many days."""

    given_on = DayField(label="Day 1 was given on")

    def __init__(self, *args: Any, lines: Sequence[catalog.RegimenLine] = (), doses: dict[int, str] | None = None,
                 **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in lines:
            name = f"{catalog.drug(line.drug_code).tall_man}, {line.text or line.over}" if line.text else (
                catalog.drug(line.drug_code).tall_man)
            self.fields[f"amount_{line.number}"] = AmountField(
                label=f"{name}: {line.dose.unit} a day", initial=(doses or {}).get(line.number, ""))
            if len(line.days) > 1:
                self.fields[f"days_{line.number}"] = forms.IntegerField(
                    label="on how many days", initial=len(line.days), min_value=0, max_value=len(line.days))


def given_lines(values: dict[str, Any]) -> list[GivenLine]:
    """The lines of a filled form."""
    return [
        GivenLine(number := int(name.removeprefix("amount_")), amount, values.get(f"days_{number}", 1))
        for name, amount in values.items() if name.startswith("amount_")
    ]


class LineOrderForm(forms.Form):
    """The dose as the prescriber wrote it. It is typed, never copied from what was worked out."""

    amount = AmountField(label="Dose as ordered")
    prescriber = forms.CharField(label="Prescriber", max_length=200)
    ordered_on = DayField(label="Ordered on", required=False)


class JoinForm(forms.Form):
    """An order that stands already."""

    prescription_id = forms.ChoiceField(label="Order")

    def __init__(self, *args: Any, orders: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prescription_id"].choices = list(orders)  # type: ignore[attr-defined]


class ExposureForm(forms.Form):
    """What was given elsewhere: an amount, never, or unknown."""

    drug_code = forms.ChoiceField(label="Drug", choices=lambda: [(c, x.name) for c, x in lifetime_limits().items()
                                                                if any(d.code == c for d in catalog.drugs())])
    known = forms.ChoiceField(
        label="Given elsewhere before", choices=[("never", "never"), ("amount", "this much"), ("unknown", "unknown")])
    amount = AmountField(label="How much", required=False)
    measure = forms.ChoiceField(choices=[("mg/m2", "mg/m²"), ("units", "units")])
    told_by = forms.CharField(label="Told by", max_length=200, help_text="a record, a letter, the patient")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("known") == "amount" and found.get("amount") is None and not self.errors:
            raise forms.ValidationError("How much was given?")
        return found


def exposure_values(values: dict[str, Any]) -> dict[str, Any]:
    """What the form says, as the action takes it."""
    amount = {"never": Decimal(0), "unknown": None}.get(values["known"], values["amount"])
    return {"amount": amount} | {k: values[k] for k in ("drug_code", "measure", "told_by")}


def plain(amount: Decimal) -> str:
    """A number as it is typed."""
    return shown_number(amount).replace(",", "")
