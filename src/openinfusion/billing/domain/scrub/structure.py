# SPDX-License-Identifier: Apache-2.0
"""SNIP 1 and 2: characters, lengths and counts, and the parts that every claim must have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openinfusion.billing.domain.scrub.finding import Finding, Level, Place
from openinfusion.billing.domain.scrub.subject import ScrubClaim, ScrubLine

_CONTROL = re.compile(r"[A-Z0-9]{1,17}", re.ASCII)
_LINE_CONTROL = re.compile(r"[A-Z0-9]{1,30}", re.ASCII)
_CODE = re.compile(r"[A-Z][0-9]{4}|[0-9]{5}", re.ASCII)
_MODIFIER = re.compile(r"[A-Z0-9]{2}", re.ASCII)
MOST_LINES = {"837P": 50, "837I": 999, "CMS1500": 50, "NCPDP": 50}
MOST_DIAGNOSES = 12


def structure_findings(c: ScrubClaim) -> Iterator[Finding]:
    """Level 1: what no reader could take."""
    if not _CONTROL.fullmatch(c.control):
        yield Finding("control", Level.STRUCTURE, "the claim number is 1 to 17 capital letters and digits", Place.CLAIM)
    if len(c.lines) > MOST_LINES.get(c.form, 50):
        yield Finding(
            "too-many-lines", Level.STRUCTURE, f"{len(c.lines)} lines, and {MOST_LINES[c.form]} go on one claim", Place.CLAIM
        )
    controls = [x.control for x in c.lines]
    if len(set(controls)) < len(controls):
        yield Finding("line-control-twice", Level.STRUCTURE, "two lines share a line control number", Place.CLAIM)
    for line in c.lines:
        yield from _line(line)


def _line(x: ScrubLine) -> Iterator[Finding]:
    if not _LINE_CONTROL.fullmatch(x.control):
        yield _on(x, "line-control", "the line control number is 1 to 30 capital letters and digits")
    if not _CODE.fullmatch(x.code):
        yield _on(x, "code-form", f"“{x.code}” is not a HCPCS or CPT code")
    if len(x.modifiers) > 4 or not all(_MODIFIER.fullmatch(m) for m in x.modifiers):
        yield _on(x, "modifier-form", "a line has at most four modifiers of two capital letters or digits")
    if len(set(x.modifiers)) < len(x.modifiers):
        yield _on(x, "modifier-twice", "a modifier stands there twice")
    if x.last_on < x.first_on:
        yield _on(x, "dates-turned", "the last day is before the first")


def _on(x: ScrubLine, code: str, text: str) -> Finding:
    return Finding(code, Level.STRUCTURE, text, Place.LINE, x.number)


def guide_findings(c: ScrubClaim) -> Iterator[Finding]:
    """Level 2: what the implementation guide requires of every claim. What holds reasons ask is not asked again."""
    if not c.payer_id.strip() and c.member_id:
        yield Finding(
            "payer-id", Level.GUIDE, "the payer's electronic number is missing", Place.PAYER, clears="payer relations enters it"
        )
    if not c.family.strip() or not c.given.strip() or c.born_on is None:
        yield Finding("patient-name", Level.GUIDE, "the patient's name or birth date is missing", Place.PATIENT)
    if not c.billing.tax_id.strip() or not c.billing.street.strip():
        yield Finding("billing-provider", Level.GUIDE, "the pharmacy needs a street address and a tax number", Place.SITE)
    if c.billing.street.upper().replace(".", "").startswith(("PO BOX", "P O BOX")):
        yield Finding("post-box", Level.GUIDE, "the billing address is a street, not a post box", Place.SITE)
    if len(c.diagnoses) > MOST_DIAGNOSES:
        yield Finding(
            "too-many-diagnoses", Level.GUIDE, f"{len(c.diagnoses)} diagnoses, and {MOST_DIAGNOSES} go on a claim", Place.THERAPY
        )
