# SPDX-License-Identifier: Apache-2.0
"""The tables of patients."""
from __future__ import annotations

from openinfusion.patients.models.chart import Allergy, Asked, Condition, Lab, Line, Measurement, Medication
from openinfusion.patients.models.patient import Patient, PatientIdentifier, PossibleMatch
from openinfusion.patients.models.social import Consent, Contact, Coverage, Document, Home

__all__ = [
    "Allergy",
    "Asked",
    "Condition",
    "Consent",
    "Contact",
    "Coverage",
    "Document",
    "Home",
    "Lab",
    "Line",
    "Measurement",
    "Medication",
    "Patient",
    "PatientIdentifier",
    "PossibleMatch",
]
