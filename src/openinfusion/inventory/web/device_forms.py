# SPDX-License-Identifier: Apache-2.0
"""Forms of devices: received, cared for, programmed."""
from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms

from openinfusion.inventory.domain.device import CareKind
from openinfusion.inventory.domain.program import Mode, Settings
from openinfusion.inventory.web.working import products_to_choose
from openinfusion.platform.ui.forms import AmountField, DayField, WholeField


class ReceiveForm(forms.Form):
    product_id = forms.TypedChoiceField(label="Device", coerce=UUID)
    serial = forms.CharField(max_length=60)
    maintenance_due_on = DayField(label="Maintenance due", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product_id"].choices = products_to_choose("equipment")  # type: ignore[attr-defined]


class CareForm(forms.Form):
    kind = forms.TypedChoiceField(label="What", coerce=CareKind, choices=[(k.value, k.value) for k in CareKind])
    done_on = DayField(label="Day")
    how = forms.CharField(label="Agent, or procedure and result", max_length=500)
    passed = forms.BooleanField(label="Passed", required=False, initial=True)


class SettingsForm(forms.Form):
    """The settings of a pump, as they stand on its display."""

    mode = forms.TypedChoiceField(coerce=Mode, choices=[(m.value, m.value) for m in Mode])
    concentration = AmountField(label="Concentration (the order's unit in 1 mL)")
    rate_ml_per_h = AmountField(label="Rate (mL/h)")
    volume_ml = AmountField(label="Volume of a dose (mL; intermittent)", required=False)
    every_hours = AmountField(label="Every how many hours (intermittent)", required=False)
    bolus_ml = AmountField(label="Bolus (mL; patient-controlled)", required=False)
    lockout_minutes = WholeField(label="Lockout (min; patient-controlled)", required=False, min_value=1, max_value=1440)
    hourly_limit_ml = AmountField(label="Limit in an hour (mL)", required=False)

    def settings(self) -> Settings:
        g = self.cleaned_data
        return Settings(
            g["mode"],
            g["concentration"],
            g["rate_ml_per_h"],
            g["volume_ml"] or Decimal(0),
            g["every_hours"],
            g["bolus_ml"] or Decimal(0),
            g["lockout_minutes"],
            g["hourly_limit_ml"],
        )


class ProgramForm(SettingsForm):
    """Settings for one order of the patient the pump is assigned to."""

    prescription_id = forms.TypedChoiceField(label="Order", coerce=UUID)

    def __init__(self, *args: Any, orders: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prescription_id"].choices = orders  # type: ignore[attr-defined]
        self.order_fields(["prescription_id"])
