# SPDX-License-Identifier: Apache-2.0
"""Forms of denials, deposits, write-offs, refunds, patients' money and the month's close."""

from __future__ import annotations

from uuid import UUID

from django import forms

from openinfusion.billing.actions.deposits import METHODS
from openinfusion.billing.domain.write_off import Side, write_off_reasons
from openinfusion.platform.ui.forms import AmountField, DayField, WholeField


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=500, label="Why")


class LetterForm(forms.Form):
    """The letter of an appeal."""

    letter = forms.CharField(max_length=8000, label="Letter to the payer", widget=forms.Textarea(attrs={"rows": 9}))


class SentForm(forms.Form):
    sent_by = forms.CharField(max_length=80, label="Sent by (fax, portal or mail, with its number)")


class DepositForm(forms.Form):
    """One deposit of the bank."""

    on = DayField(label="Received on")
    amount = AmountField(label="Amount, $")
    method = forms.ChoiceField(choices=[(m, m.upper() if m == "eft" else m) for m in METHODS], label="Kind")
    trace = forms.CharField(max_length=50, required=False, label="Trace or check number")
    sender = forms.CharField(max_length=80, required=False, label="From")


class DepositFileForm(forms.Form):
    file = forms.FileField(label="CSV of the bank", help_text="Columns: date (2026-11-30), amount, method, trace, sender.")


class MatchForm(forms.Form):
    """Which of the payments on offer a deposit brought: a remittance by its id, or "patients" and the ids of theirs."""

    remittance = forms.ChoiceField(label="Payment")

    def __init__(self, *args: object, offers: list[tuple[str, str]] | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if offers is None:
            self.fields["remittance"] = forms.CharField(label="Payment", max_length=20_000)
        else:
            self.fields["remittance"].choices = offers  # type: ignore[attr-defined]

    def clean_remittance(self) -> tuple[bool, list[UUID]]:
        """Whether patients paid it, and the ids."""
        kind, *ids = ["", *str(self.cleaned_data["remittance"]).split()]
        if ids[:1] == ["patients"]:
            kind, ids = "patients", ids[1:]
        try:
            found = [UUID(i) for i in ids]
        except ValueError:
            found = []
        if not found or (kind != "patients" and len(found) > 1):
            raise forms.ValidationError("choose one of the payments on offer")
        return kind == "patients", found


class ExplainForm(forms.Form):
    text = forms.CharField(max_length=500, label="Explanation")


class WriteOffForm(forms.Form):
    """What is given up, and why."""

    side = forms.ChoiceField(choices=[(s.value, f"the {s.value}'s share") for s in Side], label="Of")
    amount = AmountField(label="Amount, $")
    reason_code = forms.ChoiceField(
        label="Reason",
        choices=[(r.code, f"{r.text}{' (avoidable)' if r.avoidable else ''}") for r in write_off_reasons().values()],
    )
    note = forms.CharField(max_length=500, label="What was tried, or which application is on file")


class RefundForm(forms.Form):
    side = forms.ChoiceField(choices=[(s.value, f"the {s.value}") for s in Side], label="To")
    amount = AmountField(label="Amount, $")
    note = forms.CharField(max_length=500, label="How the credit came about")


class ReferenceForm(forms.Form):
    reference = forms.CharField(max_length=80, label="Number of the check or transfer")


class PaymentForm(forms.Form):
    """Money from a patient."""

    amount = AmountField(label="Amount, $")
    method = forms.ChoiceField(
        choices=[("card", "card"), ("check", "check"), ("cash", "cash"), ("assistance", "assistance programme")]
    )
    reference = forms.CharField(max_length=80, label="Number of the check or slip")


class PlanForm(forms.Form):
    """Instalments."""

    count = WholeField(label="Instalments", min_value=2, max_value=60)
    first_due = DayField(label="First due")
    agreed_with = forms.CharField(max_length=80, label="Agreed with")


class MonthForm(forms.Form):
    day = DayField(label="A day of the month")
