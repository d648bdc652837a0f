# SPDX-License-Identifier: Apache-2.0
"""What the templates of exchange receive."""
from __future__ import annotations

from dataclasses import dataclass

from django import forms


class BundleForm(forms.Form):
    bundle = forms.FileField(label="FHIR R4 bundle (JSON)", help_text="One patient a bundle; up to 20 MB.")


@dataclass(frozen=True, slots=True)
class FhirPage:
    form: BundleForm
