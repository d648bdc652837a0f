# SPDX-License-Identifier: Apache-2.0
"""Reads of patients."""

from __future__ import annotations

from openinfusion.patients.queries.banner import Banner, banner_of, local_day
from openinfusion.patients.queries.chart import (
    address_of,
    allergies_of,
    asked_of,
    conditions_of,
    consents_of,
    contacts_of,
    coverage_of,
    covered_twice,
    documents_of,
    every_line_of,
    homes_of,
    identifiers_of,
    labs_of,
    line_spans_of,
    lines_of,
    measurements_of,
    medications_of,
    patient_fact,
    row_of,
    valid,
    zone_of,
)
from openinfusion.patients.queries.charts import Chart, charts_of
from openinfusion.patients.queries.readiness import Readiness, readiness_of
from openinfusion.patients.queries.search import MatchRow, PatientRow, id_by_mrn, many, open_matches, search

__all__ = [
    "Banner",
    "Chart",
    "MatchRow",
    "PatientRow",
    "Readiness",
    "address_of",
    "allergies_of",
    "asked_of",
    "banner_of",
    "charts_of",
    "conditions_of",
    "consents_of",
    "contacts_of",
    "coverage_of",
    "covered_twice",
    "documents_of",
    "every_line_of",
    "homes_of",
    "id_by_mrn",
    "identifiers_of",
    "labs_of",
    "line_spans_of",
    "lines_of",
    "local_day",
    "many",
    "measurements_of",
    "medications_of",
    "open_matches",
    "patient_fact",
    "readiness_of",
    "row_of",
    "search",
    "valid",
    "zone_of",
]
