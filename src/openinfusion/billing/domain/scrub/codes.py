# SPDX-License-Identifier: Apache-2.0
"""SNIP 5: codes from lists that others keep, with their check digits and the days they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openinfusion.billing.domain.code_sets import code_set
from openinfusion.billing.domain.scrub.finding import Finding, Level, Place
from openinfusion.billing.domain.scrub.subject import ScrubClaim, ScrubLine
from openinfusion.kernel.npi import is_npi

_DIAGNOSIS = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?", re.ASCII)
_NDC = re.compile(r"[0-9]{11}", re.ASCII)
_TAXONOMY = re.compile(r"[0-9A-Z]{9}X", re.ASCII)
_ZIP = re.compile(r"[0-9]{5}(?:-?[0-9]{4})?", re.ASCII)
STATES = frozenset(
    (
        "AL",
        "AK",
        "AZ",
        "AR",
        "CA",
        "CO",
        "CT",
        "DE",
        "DC",
        "FL",
        "GA",
        "HI",
        "ID",
        "IL",
        "IN",
        "IA",
        "KS",
        "KY",
        "LA",
        "ME",
        "MD",
        "MA",
        "MI",
        "MN",
        "MS",
        "MO",
        "MT",
        "NE",
        "NV",
        "NH",
        "NJ",
        "NM",
        "NY",
        "NC",
        "ND",
        "OH",
        "OK",
        "OR",
        "PA",
        "RI",
        "SC",
        "SD",
        "TN",
        "TX",
        "UT",
        "VT",
        "VA",
        "WA",
        "WV",
        "WI",
        "WY",
        "PR",
        "VI",
        "GU",
        "AS",
        "MP",
    )
)


def code_findings(c: ScrubClaim) -> Iterator[Finding]:
    if not is_npi(c.billing.npi):
        yield Finding(
            "billing-npi", Level.CODES, f"the pharmacy's NPI “{c.billing.npi}” has a wrong check digit or form", Place.SITE
        )
    if c.prescriber.npi and not is_npi(c.prescriber.npi):
        yield Finding(
            "prescriber-npi",
            Level.CODES,
            f"the prescriber's NPI “{c.prescriber.npi}” has a wrong check digit or form",
            Place.THERAPY,
        )
    if c.billing.taxonomy and not _TAXONOMY.fullmatch(c.billing.taxonomy):
        yield Finding("taxonomy", Level.CODES, f"the taxonomy “{c.billing.taxonomy}” is not nine characters and X", Place.SITE)
    if c.billing.state not in STATES or not _ZIP.fullmatch(c.billing.zip_code):
        yield Finding("billing-place", Level.CODES, "the pharmacy's state or ZIP code is none", Place.SITE)
    if c.place not in code_set("places"):
        yield Finding("place", Level.CODES, f"place of service {c.place} is not in the list", Place.SITE)
    for code in c.diagnoses:
        if not _DIAGNOSIS.fullmatch(code):
            yield Finding("diagnosis-form", Level.CODES, f"“{code}” is not written as an ICD-10-CM code", Place.THERAPY)
    if c.born_on is not None and c.born_on > c.today:
        yield Finding("born-to-come", Level.CODES, "the birth date is to come", Place.PATIENT)
    for line in c.lines:
        yield from _line(line)


def _line(x: ScrubLine) -> Iterator[Finding]:
    if not x.is_listed:
        yield _on(x, "code-unknown", f"{x.code} is not in the list kept here, so nobody can tell whether it holds", is_hard=False)
    elif not x.holds:
        yield _on(x, "code-not-held", f"{x.code} does not hold on all days of the line")
    if x.ndc and not _NDC.fullmatch(x.ndc):
        yield _on(x, "ndc-form", f"“{x.ndc}” is not an NDC of eleven digits")
    known = code_set("modifiers")
    for mark in x.modifiers:
        if mark not in known:
            yield _on(x, "modifier-unknown", f"the modifier {mark} is not in the list kept here", is_hard=False)


def _on(x: ScrubLine, code: str, text: str, *, is_hard: bool = True) -> Finding:
    return Finding(code, Level.CODES, text, Place.LINE, x.number, is_hard)
