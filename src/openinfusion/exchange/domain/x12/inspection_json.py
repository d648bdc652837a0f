# SPDX-License-Identifier: Apache-2.0
"""An inspection as plain values for JSON: amounts as text, as they would be written, absent ones left out."""
from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import Any, Final

from openinfusion.exchange.domain.x12.inspection import Inspection

SUMMED: Final = (
    "claims", "service_lines", "charge", "line_charge", "paid", "patient_responsibility", "claim_adjustments",
    "service_adjustments", "provider_adjustments", "payment",
)


def plain(found: Inspection) -> dict[str, Any]:
    """The whole answer. ``refused`` is there only where the file could not be read."""
    answer: dict[str, Any] = {"bytes": found.size, "sha256": found.sha256}
    if found.refused is not None:
        segment, element, reason = found.refused
        return answer | {"refused": {"segment": segment, "element": element, "reason": reason}}
    return answer | {
        "segments": found.segments,
        "interchanges": [_row(e) for e in found.envelopes],
        "transactions": [_row(t) for t in found.transactions],
        "totals": {name: _said(total) for name in SUMMED if (total := _total(found, name)) is not None},
        "findings_by_level": found.levels,
        "findings": [_row(f) for f in found.findings],
    }


def _total(found: Inspection, name: str) -> Any:
    """One sum over all transactions that have it."""
    there = [value for t in found.transactions if (value := getattr(t, name)) is not None]
    return sum(there[1:], there[0]) if there else None


def _row(value: Any) -> dict[str, Any]:
    return {f.name: _said(found) for f in fields(value) if (found := getattr(value, f.name)) is not None}


def _said(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict):
        return {key: _said(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_said(one) for one in value]
    return value
