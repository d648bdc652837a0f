# SPDX-License-Identifier: Apache-2.0
"""Forms of buying and of what comes in."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms

from openinfusion.inventory.actions.deliver_in import DeliveryLine
from openinfusion.inventory.domain.ownership import Ownership, Pool
from openinfusion.inventory.domain.supplier import Terms
from openinfusion.inventory.domain.suspect import Transaction
from openinfusion.inventory.web.lots_field import LotsField, patient_numbered
from openinfusion.kernel.money import Money
from openinfusion.platform.ui.forms import AmountField, DayField, WholeField


class DollarField(AmountField):
    """Dollars, to the cent."""

    def clean(self, value: Any) -> Any:
        amount = super().clean(value)
        if amount is None:
            return None
        try:
            return Money.of(amount)
        except ValueError as no:
            raise forms.ValidationError("dollars and whole cents") from no


class _OfProducts(forms.Form):
    """A form that chooses one product of a list."""

    product_id = forms.TypedChoiceField(label="Product", coerce=UUID)

    def __init__(self, *args: Any, products: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product_id"].choices = products  # type: ignore[attr-defined]


class SupplierForm(forms.Form):
    code = forms.CharField(max_length=20)
    name = forms.CharField(max_length=200)
    contact = forms.CharField(max_length=300, required=False)


class TermsForm(forms.Form):
    """How one buys there."""

    lead_days = WholeField(label="Days until it comes", min_value=0, max_value=365)
    minimum = DollarField(label="Least an order is worth (dollars)")
    payment = forms.CharField(max_length=100, required=False)
    contact = forms.CharField(max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if "lead_days" not in given or "minimum" not in given:
            return given
        return {
            "terms": Terms(given["lead_days"], given["minimum"].cents, given.get("payment", "")),
            "contact": given.get("contact", ""),
        }


class LicenceForm(forms.Form):
    """The licence as it was looked up."""

    number = forms.CharField(max_length=60)
    state_code = forms.CharField(label="State", max_length=2)
    ends_on = DayField(label="Ends on")
    source = forms.CharField(label="Looked up where", max_length=200)


class PriceForm(_OfProducts):
    price = DollarField(label="Price of one package (dollars)")
    pack = WholeField(label="Packages sold together", initial=1, min_value=1, max_value=100_000)
    item_number = forms.CharField(label="Their item number", max_length=60, required=False)
    effective_from = DayField(label="From", required=False)


class ParForm(_OfProducts):
    par = AmountField(label="Par level (packages)")
    harm = forms.ChoiceField(label="Harm if it lacks", choices=[("usual", "usual"), ("high", "high"), ("low", "low")])


class OrderForm(forms.Form):
    supplier_id = forms.TypedChoiceField(label="Supplier", coerce=UUID)

    def __init__(self, *args: Any, suppliers: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supplier_id"].choices = suppliers  # type: ignore[attr-defined]


class LineForm(_OfProducts):
    amount = AmountField(label="Packages (0 takes the line away)")
    reason = forms.CharField(label="Why", max_length=500)


class ShortageForm(_OfProducts):
    expected_on = DayField(label="Expected again", required=False)
    note = forms.CharField(max_length=500, required=False)


class SubstituteForm(_OfProducts):
    instead_id = forms.TypedChoiceField(label="Instead", coerce=UUID)
    differs = forms.CharField(label="What changes at the bench or for the patient", max_length=500)
    source = forms.CharField(label="Source", max_length=300)

    def __init__(self, *args: Any, products: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, products=products, **kwargs)
        self.fields["instead_id"].choices = products  # type: ignore[attr-defined]


class DeliveryForm(_OfProducts):
    """A product of a delivery with its papers, in one lot or several. More products of the same delivery: once more."""

    supplier_id = forms.TypedChoiceField(label="Supplier", coerce=UUID)
    order_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    lot = forms.CharField(max_length=20)
    expires_on = DayField(label="Expires")
    good = AmountField(label="Good packages")
    damaged = AmountField(label="Damaged packages", required=False)
    invoiced = DollarField(label="Invoiced for one package (dollars)")
    serials = forms.CharField(label="Serial numbers (spaces between)", max_length=4000, required=False)
    more = LotsField(label="More lots of it, one a line: lot, expiry (2027-05-31), good, damaged", required=False)
    location = forms.TypedChoiceField(label="Into", coerce=UUID)
    ownership = forms.ChoiceField(label="Owner", choices=[(o.value, o.words) for o in Ownership])
    patient = forms.CharField(label="Patient's number (MRN), of white-bagged stock", max_length=40, required=False)
    invoice = forms.CharField(max_length=60, required=False)
    document = forms.CharField(label="Transaction information: document", max_length=100, required=False)
    transacted_on = DayField(label="Transaction day", required=False)
    shipped_on = DayField(label="Shipped", required=False)
    statement = forms.BooleanField(label="Transaction statement given", required=False)

    def __init__(
        self,
        *args: Any,
        places: list[tuple[UUID, str]],
        suppliers: list[tuple[UUID, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].choices = places  # type: ignore[attr-defined]
        self.fields["supplier_id"].choices = suppliers  # type: ignore[attr-defined]

    def delivery(self) -> dict[str, Any]:
        """What the action takes."""
        g = self.cleaned_data
        line = DeliveryLine(
            g["product_id"],
            g["lot"],
            g["expires_on"],
            g["good"],
            g["invoiced"],
            g["damaged"] or Decimal(0),
            tuple(re.split(r"[\s,]+", g["serials"].strip())) if g["serials"].strip() else (),
        )
        more = (DeliveryLine(g["product_id"], x.lot, x.expires_on, x.good, g["invoiced"], x.damaged) for x in g["more"])
        return {
            "supplier_id": g["supplier_id"],
            "order_id": g["order_id"],
            "location": g["location"],
            "lines": (line, *more),
            "pool": Pool(Ownership(g["ownership"]), patient_numbered(g["patient"])),
            "invoice": g["invoice"],
            "transaction": Transaction(g["document"], g["transacted_on"], g["shipped_on"], g["statement"]),
        }
