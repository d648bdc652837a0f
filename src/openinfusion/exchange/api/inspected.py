# SPDX-License-Identifier: Apache-2.0
"""The shape of what an X12 file is said to hold: amounts as text, as they would be written; what a file has not is absent."""
from __future__ import annotations

from ninja import Schema


class Sums(Schema):
    """Figures of one transaction, or over all of them; those its kind does not have are absent."""

    claims: int | None = None
    service_lines: int | None = None
    charge: str | None = None
    line_charge: str | None = None
    paid: str | None = None
    patient_responsibility: str | None = None
    claim_adjustments: str | None = None
    service_adjustments: str | None = None
    provider_adjustments: str | None = None
    payment: str | None = None


class InterchangeSeen(Schema):
    segment: int
    control: str
    sender: str
    receiver: str
    usage: str
    element: str
    component: str
    terminator: str


class TransactionSeen(Sums):
    """``said``: what it says in a line or two."""

    kind: str
    control: str
    version: str
    segment: int
    segments: int
    counts: dict[str, int]
    adjustments_by_group: dict[str, str] | None = None
    said: list[str]


class X12Finding(Schema):
    """``code`` is stable for programs, ``text`` is for people; amounts only where sums disagree."""

    level: str
    segment: int
    code: str
    subject: str
    text: str
    stated: str | None = None
    computed: str | None = None


class CannotRead(Schema):
    segment: int
    element: str
    reason: str


class InspectionOut(Schema):
    """What a file holds. ``refused`` is there only where it could not be read, and then nothing else but its size is."""

    bytes: int
    sha256: str
    refused: CannotRead | None = None
    segments: int | None = None
    interchanges: list[InterchangeSeen] | None = None
    transactions: list[TransactionSeen] | None = None
    totals: Sums | None = None
    findings_by_level: dict[str, int] | None = None
    findings: list[X12Finding] | None = None
