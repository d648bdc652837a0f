# SPDX-License-Identifier: Apache-2.0
"""Several lots of one product, one a line, read strictly; and the patient whose number stands beside white-bagged stock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms

from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.patients import public as patients
from openinfusion.platform.ui.forms import AmountField

MOST_LOTS = 50


@dataclass(frozen=True, slots=True)
class LotLine:
    """One more lot of a delivery."""

    lot: str
    expires_on: date
    good: Decimal
    damaged: Decimal


class LotsField(forms.CharField):
    """Lines of lot, expiry, good and damaged packages (which may be left out), separated by commas or tabs."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, **kwargs)

    def clean(self, value: Any) -> Any:
        """The lines; a line that cannot be read is named."""
        lines = [x for x in str(super().clean(value) or "").splitlines() if x.strip()]
        if len(lines) > MOST_LOTS:
            raise forms.ValidationError(f"at most {MOST_LOTS} lots at once")
        return tuple(_line(n, text) for n, text in enumerate(lines, 1))


def _line(n: int, text: str) -> LotLine:
    parts = [x.strip() for x in text.replace("\t", ",").split(",")]
    try:
        lot, expires, good = parts[:3]
        if not lot or len(lot) > 20 or len(parts) > 4 or len(expires) != len("2027-05-31"):
            raise ValueError
        damaged = AmountField().clean(parts[3]) if len(parts) == 4 and parts[3] else Decimal(0)
        return LotLine(lot, date.fromisoformat(expires), AmountField().clean(good), damaged)
    except (ValueError, forms.ValidationError) as no:
        raise forms.ValidationError(f"line {n} cannot be read: write lot, expiry like 2027-05-31, good, damaged") from no


def patient_numbered(mrn: str) -> UUID | None:
    """The patient with this number; None where none is given, Malformed where nobody has it."""
    if not mrn.strip():
        return None
    found = patients.id_by_mrn(mrn)
    if found is None:
        raise Malformed(Fault("patient", "no patient has this number"))
    return found
