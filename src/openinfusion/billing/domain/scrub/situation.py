# SPDX-License-Identifier: Apache-2.0
"""SNIP 4: where one thing stands, another must stand too."""

from __future__ import annotations

from collections.abc import Iterator

from openinfusion.billing.domain.code_sets import code_set
from openinfusion.billing.domain.scrub.finding import Finding, Level, Place
from openinfusion.billing.domain.scrub.subject import ScrubClaim, ScrubLine

NDC_UNITS = frozenset({"UN", "ML", "GR", "F2", "ME"})
SUITE = "49"
_RENTAL_MONTHS = frozenset({"KH", "KI", "KJ"})
_NOTICES = frozenset({"GA", "GZ"})


def situation_findings(c: ScrubClaim) -> Iterator[Finding]:
    if c.frequency in {"7", "8"} and not c.payer_control:
        yield _claim("no-payer-control", "a corrected or void claim names the payer's number of the first one")
    if c.rank != "P" and c.earlier is None:
        yield _claim("no-earlier-answer", "the payer before this one has not answered yet, and its answer goes along")
    for line in c.lines:
        yield from _line(line, c)


def _claim(code: str, text: str) -> Finding:
    return Finding(code, Level.SITUATION, text, Place.CLAIM)


def _on(x: ScrubLine, code: str, text: str, *, is_hard: bool = True) -> Finding:
    return Finding(code, Level.SITUATION, text, Place.LINE, x.number, is_hard)


def _line(x: ScrubLine, c: ScrubClaim) -> Iterator[Finding]:
    marks = set(x.modifiers)
    if x.last_on > c.today:
        yield _on(x, "runs-on", f"it runs to {x.last_on:%d-%b-%Y}, which has not come yet", is_hard=False)
    if x.code in code_set("described") and not x.description.strip():
        yield _on(x, "describe", f"{x.code} is not specific and needs the service in words")
    if x.ndc and (x.ndc_amount is None or x.ndc_amount <= 0 or x.ndc_unit not in NDC_UNITS):
        yield _on(x, "ndc-quantity", "an NDC goes with its quantity and unit (UN, ML, GR, F2, ME)")
    if x.kind == "drug" and not x.rx_number:
        yield _on(x, "no-rx-number", "a drug goes with its prescription number", is_hard=False)
    if {"SH", "SJ"} <= marks:
        yield _on(x, "two-ranks", "SH and SJ are two ranks; a line has one")
    if {"JW", "JZ"} <= marks:
        yield _on(x, "waste-twice", "JZ says nothing was thrown away, and JW that something was")
    if marks & _RENTAL_MONTHS and "RR" not in marks:
        yield _on(x, "rental-mark", f"{', '.join(sorted(marks & _RENTAL_MONTHS))} goes with RR")
    if marks >= _NOTICES:
        yield _on(x, "two-notices", "GA says a notice is on file, and GZ that none is")
    if "GX" in marks and "GY" not in marks:
        yield _on(x, "voluntary-notice", "GX goes with GY")
    if x.under_program and c.program_modifier and c.program_modifier not in marks:
        yield _on(x, "program-mark", f"bought under 340B: {c.program_modifier} is missing")
    if x.under_program and not c.program_modifier:
        yield _on(x, "program-unsaid", "bought under 340B, and the contract names no modifier: ask the payer", is_hard=False)
    place = x.place or c.place
    if place != SUITE and "SS" in marks:
        yield _on(x, "suite-elsewhere", "SS says the suite, and the place of service is not 49")
    if place == SUITE and c.suite_modifier and x.kind in {"per_diem", "nursing"} and c.suite_modifier not in marks:
        yield _on(x, "suite-mark", f"given in the suite: {c.suite_modifier} is missing")
