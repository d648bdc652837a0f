# SPDX-License-Identifier: Apache-2.0
"""Views that say what an X12 file holds. The file is read and forgotten: nothing is kept, nothing is changed."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.http import HttpResponse

from openinfusion.exchange.domain.x12.finding import Finding
from openinfusion.exchange.domain.x12.inspection import Inspection, Seen, inspect
from openinfusion.exchange.permissions import READ
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.web import Request, read, reads, show, writes

MOST_BYTES = 20_000_000
SHOWN = 200
SUMS = (
    ("claims", "Claims"), ("service_lines", "Service lines"), ("charge", "Charge"), ("line_charge", "Charge of the lines"),
    ("paid", "Paid"), ("patient_responsibility", "Patient's share"), ("claim_adjustments", "Adjustments of claims"),
    ("service_adjustments", "Adjustments of lines"), ("provider_adjustments", "Provider adjustments"), ("payment", "Payment"),
)


class InspectionForm(forms.Form):
    file = forms.FileField(label="X12 file", help_text="Any kind: 835, 837, 270, 271, 276, 277, 278, 999; up to 20 MB.")


@dataclass(frozen=True, slots=True)
class SeenRow:
    """One transaction for the page: its heading and its sums in order."""

    seen: Seen
    sums: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class InspectionPage:
    """The form, and after a file was given what it holds."""

    form: InspectionForm
    name: str = ""
    found: Inspection | None = None
    rows: tuple[SeenRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    left_out: int = 0


@reads(READ.code)
def inspection(request: Request) -> HttpResponse:
    return show(request, "exchange/inspection.html", InspectionPage(InspectionForm()))


@writes
def inspect_file(request: Request) -> HttpResponse:
    """What the file holds, on the page of the form; nothing is kept."""
    request.actor.must(READ)
    given = read(InspectionForm, request)["file"]
    if given.size > MOST_BYTES:
        raise Malformed(Fault("X12 file", f"is larger than {MOST_BYTES // 1_000_000} MB; use the command on the server"))
    found = inspect(given.read())
    page = InspectionPage(
        InspectionForm(), given.name, found, tuple(_row(t) for t in found.transactions), found.findings[:SHOWN],
        max(0, len(found.findings) - SHOWN),
    )
    return show(request, "exchange/inspected.html" if request.htmx else "exchange/inspection.html", page)


def _row(seen: Seen) -> SeenRow:
    sums = [(label, value) for name, label in SUMS if (value := getattr(seen, name)) is not None]
    groups = [(f"Adjusted {group}", amount) for group, amount in (seen.adjustments_by_group or {}).items()]
    return SeenRow(seen, tuple((label, _said(value)) for label, value in (*sums, *groups)))


def _said(value: Decimal | int) -> str:
    return f"{value:,}"
