# SPDX-License-Identifier: Apache-2.0
"""Forms of payers: they read what was typed and decide nothing."""
from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields as fields_of
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from openinfusion.kernel.refusal import Malformed
from openinfusion.payers import queries
from openinfusion.payers.actions.enter import BENEFITS, FILINGS
from openinfusion.payers.domain.contract import CLAIM_FORM_WORDS, BillWhen, DayBasis, LineSplit, PayerType
from openinfusion.payers.domain.contract_text import HOLDS, LINE_FORMS, TIMELY_FROM, ContractText, Terms
from openinfusion.payers.domain.rate import Basis, parse_rates
from openinfusion.payers.domain.rule import parse_rules
from openinfusion.platform.ui.forms import AmountField, DayField, StepForm, WholeField


def _words(values: Any) -> list[tuple[str, str]]:
    return [(str(v), str(v).replace("_", " ")) for v in values]


class PayerForm(forms.Form):
    name = forms.CharField(max_length=120, label="Name")
    type = forms.ChoiceField(choices=_words(PayerType), label="Kind")
    x12_id = forms.CharField(max_length=20, label="Number in X12 messages")


class PlanForm(forms.Form):
    name = forms.CharField(max_length=120, label="Name of the plan")
    filing = forms.ChoiceField(choices=[(f, f) for f in FILINGS], label="Claim filing code")
    benefit = forms.ChoiceField(choices=_words(BENEFITS), label="Benefit")


class LinesField(forms.CharField):
    """Lines that are read strictly; every line that cannot be read is named."""

    def __init__(self, parse: Callable[[list[str]], Any], *, rows: int, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "spellcheck": "false", "class": "mono"})
        super().__init__(required=False, widget=widget, strip=False, **kwargs)
        self.parse = parse

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in str(super().clean(value) or "").splitlines()]
        try:
            return self.parse([line for line in lines if line and not line.startswith("#")])
        except Malformed as no:
            raise forms.ValidationError([f"“{f.path}”: {f.text}" for f in no.faults]) from no


def _percentages(value: str) -> tuple[int, ...]:
    if not re.fullmatch(r"[0-9]{1,3}([ ,]+[0-9]{1,3})*", value.strip(), re.ASCII):
        raise forms.ValidationError("write percentages such as 100 50 50")
    return tuple(int(v) for v in re.split(r"[ ,]+", value.strip()))


class ContractForm(forms.Form):
    """Everything of a version: days, source, terms, rates and rules."""

    name = forms.CharField(max_length=160, label="Name of the contract")
    first = DayField(label="First day")
    last = DayField(required=False, label="Last day, if it ends")
    source = forms.CharField(max_length=300, label="Source", help_text="The contract's number, amendment and page.")
    why = forms.CharField(max_length=300, label="Why", help_text="What is new about it.")
    day_basis = forms.ChoiceField(choices=_words(DayBasis), label="Days counted by")
    max_interval_h = WholeField(label="Per diems up to every … hours", min_value=1, max_value=744)
    count_first_day = forms.BooleanField(required=False, label="First day counts")
    count_last_day = forms.BooleanField(required=False, label="Last day counts")
    hold_on = forms.MultipleChoiceField(
        choices=[(h, {"snf": "skilled nursing", "ed": "emergency"}.get(h, h)) for h in HOLDS], required=False,
        widget=forms.CheckboxSelectMultiple, label="No days while",
    )
    per_diems_a_day = WholeField(label="Most per diems a day (0: no limit)", min_value=0, max_value=9)
    concurrent_pct = forms.CharField(max_length=40, label="Concurrent therapies, % by rank", help_text="100 50 50")
    line_split = forms.ChoiceField(choices=_words(LineSplit), label="Lines split by")
    line_form = forms.ChoiceField(choices=_words(LINE_FORMS), label="A line is a")
    claim_form = forms.ChoiceField(choices=[(f.value, words) for f, words in CLAIM_FORM_WORDS.items()], label="Claims go")
    bill_when = forms.ChoiceField(choices=_words(BillWhen), label="Billed on")
    suite_modifier = forms.CharField(required=False, max_length=2, label="Suite modifier")
    program_modifier = forms.CharField(required=False, max_length=2, label="Modifier of 340B drugs")
    per_diem_payable = forms.BooleanField(required=False, label="Pays per diems")
    nursing_payable = forms.BooleanField(required=False, label="Pays nursing")
    first_dose_separate = forms.BooleanField(required=False, label="Pays the first dose by itself")
    require_kx = forms.BooleanField(required=False, label="Wants KX")
    jw_jz = forms.BooleanField(required=False, label="Wants JW or JZ")
    lesser_of_charge = forms.BooleanField(required=False, label="Pays the lesser of rate and charge")
    escalator_pct = AmountField(label="Fixed rates rise a year, %")
    timely_filing_days = WholeField(label="File within days", min_value=1, max_value=1100)
    timely_from = forms.ChoiceField(choices=_words(TIMELY_FROM), label="… of the line's … day")
    corrected_filing_days = WholeField(required=False, label="Corrected claims within days", min_value=1, max_value=1100)
    appeal_days = WholeField(required=False, label="Appeals within days", min_value=1, max_value=1100)
    pay_days = WholeField(label="Usually paid after days", min_value=1, max_value=365)
    rates = LinesField(
        parse_rates, rows=14, label="Rates, one a line",
        help_text="S9500 145.00 · J1745 asp 106 lesser charge 100 cap 55.00 · J* awp 85 · J7170 carved specialty pharmacy",
    )
    rules = LinesField(
        parse_rules, rows=10, label="Rules, one a line",
        help_text="authorization class:iron J17*: needed · frequency A4221: 1 in 7 days · document all: standard_written_order",
    )
    version = WholeField(required=False, widget=forms.HiddenInput)
    plan_id = forms.ChoiceField(required=False, label="For one plan only", choices=[("", "all plans of the payer")])

    def __init__(self, *args: Any, payer_id: UUID | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if payer_id is None:
            del self.fields["plan_id"]
        else:
            plans = [(str(p.id), p.name) for p in queries.all_plans(payer_id)]
            self.fields["plan_id"].choices = [("", "all plans of the payer"), *plans]  # type: ignore[attr-defined]

    def clean_concurrent_pct(self) -> tuple[int, ...]:
        return _percentages(self.cleaned_data["concurrent_pct"])

    def clean_suite_modifier(self) -> str:
        return str(self.cleaned_data["suite_modifier"]).strip().upper()

    def clean_program_modifier(self) -> str:
        return str(self.cleaned_data["program_modifier"]).strip().upper()


def written(said: dict[str, Any]) -> dict[str, Any]:
    """What the form said, as the actions take it."""
    terms = {f.name: said[f.name] for f in fields_of(Terms)}
    terms["hold_on"] = tuple(terms["hold_on"])
    text = ContractText(name=said["name"], terms=Terms(**terms), rates=said["rates"], rules=said["rules"])
    return {"content": text, **{k: said[k] for k in ("first", "last", "source", "why")}}


FRESH: dict[str, Any] = {
    "day_basis": "access", "max_interval_h": 72, "count_first_day": True, "count_last_day": True, "hold_on": ["inpatient"],
    "per_diems_a_day": 0, "concurrent_pct": "100 50 50", "line_split": "calendar_month", "line_form": "span",
    "bill_when": "delivery_proof", "claim_form": "by_benefit",
    "per_diem_payable": True, "nursing_payable": True, "jw_jz": True, "escalator_pct": "0",
    "timely_filing_days": 90, "timely_from": "last", "pay_days": 45,
}


def contract_form(
    text: ContractText, *, first: date, last: date | None, source: str, why: str, version: int | None = None,
) -> ContractForm:
    """The form, filled with what a version or a draft says."""
    terms = {f.name: getattr(text.terms, f.name) for f in fields_of(Terms)}
    terms |= {"concurrent_pct": " ".join(map(str, text.terms.concurrent_pct)), "hold_on": list(text.terms.hold_on),
              "escalator_pct": f"{text.terms.escalator_pct.normalize():f}"}
    return ContractForm(initial={
        "name": text.name, "first": first, "last": last, "source": source, "why": why, "version": version, **terms,
        "rates": "\n".join(map(str, text.rates)), "rules": "\n".join(map(str, text.rules)),
    })


class BeginForm(forms.Form):
    """What a new version needs: its first day, where it comes from and why. It begins as a copy."""

    first = DayField(label="First day", help_text="From this day it is in force, once it is approved.")
    source = forms.CharField(max_length=300, help_text="The contract's number, amendment and page.")
    why = forms.CharField(max_length=300, label="Why")
    copy_of = forms.UUIDField(widget=forms.HiddenInput)


class DraftStepForm(StepForm):
    """A step of a draft, and the version that was looked at."""

    version = WholeField(required=False, widget=forms.HiddenInput)


class PricesForm(forms.Form):
    """A price list to import."""

    basis = forms.ChoiceField(label="Prices by", choices=[(b.value, b.value.upper()) for b in Basis if b.listed])
    first = DayField(label="First day", help_text="The ASP list: the first day of its quarter.")
    last = DayField(required=False, label="Last day", help_text="Empty: the end of the quarter.")
    source = forms.CharField(max_length=300, help_text="Who published it, and which edition.")
    file = forms.FileField(label="CSV file")


class WithdrawForm(StepForm):
    """Why a list is taken back."""
