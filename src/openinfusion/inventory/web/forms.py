# SPDX-License-Identifier: Apache-2.0
"""Forms of the inventory room."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from openinfusion.catalog import public as catalog
from openinfusion.inventory.domain.ownership import Ownership, Pool
from openinfusion.inventory.queries import LocationFact
from openinfusion.patients import public as patients
from openinfusion.platform.ui.forms import AmountField, DayField


def _products() -> list[tuple[UUID, str]]:
    return [(p.id, p.name) for p in catalog.products_of()]


class OwnerForm(forms.Form):
    """Whose stock it is; of white-bagged stock the patient, by the number on their chart."""

    ownership = forms.TypedChoiceField(label="Owner", coerce=Ownership, required=False, empty_value=Ownership.OWNED,
                                       choices=[(o.value, o.words) for o in Ownership])
    patient = forms.CharField(label="Patient's number (MRN), of white-bagged stock", max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        number = (given.pop("patient", "") or "").strip()
        patient_id = patients.id_by_mrn(number) if number else None
        if number and patient_id is None:
            self.add_error("patient", "no patient has this number")
        given["pool"] = Pool(given.pop("ownership", None) or Ownership.OWNED, patient_id)
        return given


class ReceiveForm(OwnerForm):
    """Stock that comes in, keyed from the package."""

    product_id = forms.TypedChoiceField(label="Product", choices=_products, coerce=UUID)
    lot = forms.CharField(max_length=20, label="Lot")
    serial = forms.CharField(max_length=20, required=False)
    expires_on = DayField(label="Expires")
    quantity = AmountField(label="Packages")
    supplier = forms.CharField(max_length=200, required=False)
    location = forms.TypedChoiceField(label="Into", coerce=UUID)
    field_order = ["product_id", "lot", "serial", "expires_on", "quantity", "supplier", "location"]

    def __init__(self, *args: object, places: list[LocationFact], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["location"].choices = [(p.id, p.name) for p in places]  # type: ignore[attr-defined]


class ScanForm(OwnerForm):
    """Stock that comes in by its barcode."""

    scan = forms.CharField(max_length=200, label="Scan the package", strip=False,
                           widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}))
    quantity = AmountField(label="Packages", initial="1")
    location = forms.TypedChoiceField(label="Into", coerce=UUID)
    field_order = ["scan", "quantity", "location"]

    def __init__(self, *args: object, places: list[LocationFact], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["location"].choices = [(p.id, p.name) for p in places]  # type: ignore[attr-defined]


class CorrectionForm(forms.Form):
    """An adjustment, a count or waste in one place."""

    location_id = forms.UUIDField(widget=forms.HiddenInput)
    quantity = AmountField(label="Packages")
    reason = forms.CharField(max_length=1000)


class DisposeForm(CorrectionForm):
    """Packages that go back to the supplier or are destroyed, with the paper that proves it."""

    document = forms.CharField(max_length=200, label="Authorization, manifest or form")


class CountForm(forms.Form):
    """What was counted in one place."""

    location_id = forms.UUIDField(widget=forms.HiddenInput)
    counted = AmountField(label="Packages counted")
    reason = forms.CharField(max_length=1000, required=False)


class TransferForm(forms.Form):
    """Packages from one place to another."""

    from_location = forms.UUIDField(widget=forms.HiddenInput)
    to_location = forms.TypedChoiceField(label="To", coerce=UUID)
    quantity = AmountField(label="Packages")

    def __init__(self, *args: object, places: list[LocationFact], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["to_location"].choices = [(p.id, p.name) for p in places]  # type: ignore[attr-defined]


class PumpForm(forms.Form):
    """What a step of a pump may bring along."""

    reason = forms.CharField(required=False, max_length=1000)
    patient_id = forms.UUIDField(required=False, label="Patient")
    therapy_id = forms.UUIDField(required=False, label="Therapy")
    maintenance_due_on = DayField(required=False, label="Next maintenance")


class JumpForm(forms.Form):
    """A code that was scanned or typed."""

    code = forms.CharField(max_length=200, label="Scan or type a code", strip=False,
                           widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}))
