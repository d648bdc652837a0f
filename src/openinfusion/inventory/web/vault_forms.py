# SPDX-License-Identifier: Apache-2.0
"""Forms of the vault: entries, witnesses, discrepancies, inventories."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from openinfusion.inventory.domain.controlled import (
    ActKind,
)
from openinfusion.platform.ui.forms import AmountField

_KINDS = [(k.value, k.value.replace("_", " ")) for k in ActKind]


class EnterForm(forms.Form):
    """What was done or counted, of which lot and where."""

    what = forms.ChoiceField(label="Lot and place")
    kind = forms.ChoiceField(label="What", choices=_KINDS)
    amount = AmountField(label="Packages (of a count: all that are there)")
    reason = forms.CharField(label="Why", required=False, max_length=1000)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if "what" not in given or "kind" not in given or "amount" not in given:
            return given
        lot_id, _, location_id = given["what"].partition(" ")
        return {
            "lot_id": UUID(lot_id),
            "location_id": UUID(location_id),
            "kind": ActKind(given["kind"]),
            "amount": given["amount"],
            "reason": given.get("reason", ""),
        }


class WitnessForm(forms.Form):
    """Of a count: what the witness counted."""

    counted = AmountField(label="What you counted yourself", required=False)


class ReportForm(forms.Form):
    report = forms.CharField(label="Report (form and number)", max_length=200)


class ResolveForm(forms.Form):
    adjust = forms.BooleanField(label="The book follows the count", required=False, initial=True)


class InventoryForm(forms.Form):
    at_opening = forms.ChoiceField(
        label="Taken", choices=[("opening", "at the opening of business"), ("close", "at the close of business")]
    )
