# SPDX-License-Identifier: Apache-2.0
"""Answers to findings: a coded reason, tied to the facts it was given for."""
from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from openinfusion.clinical.domain.figures import DATA
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.kernel.refusal import Reason, Refused


@dataclass(frozen=True, slots=True)
class CodedReason:
    """One row of the coded list in data/override_reasons.csv."""

    code: str
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A pharmacist's answer: to which finding (by fingerprint), with which reason."""

    fingerprint: str
    reason_code: str


@cache
def coded_reasons() -> tuple[CodedReason, ...]:
    with (DATA / "override_reasons.csv").open(newline="", encoding="utf-8") as file:
        return tuple(CodedReason(r["code"], r["rule"], r["text"]) for r in csv.DictReader(file))


def reasons_for(finding: Finding) -> tuple[CodedReason, ...]:
    """The reasons a finding may be answered with."""
    wanted = {finding.rule, "any"} | ({"cannot_judge"} if finding.tier is Tier.CANNOT_JUDGE else set())
    return tuple(r for r in coded_reasons() if r.rule in wanted)


def check_answer(finding: Finding, reason_code: str, note: str) -> CodedReason:
    """The coded reason, if this finding may be answered with it; Refused otherwise. A hard stop takes no answer."""
    if not finding.tier.needs_answer:
        raise Refused(Reason("no-answer", f"“{finding.title}” cannot be overridden", finding.do))
    for reason in reasons_for(finding):
        if reason.code == reason_code:
            if finding.tier is Tier.CANNOT_JUDGE and not note.strip():
                raise Refused(Reason("note-missing", "what could not be judged needs a note: on what do you judge it?"))
            return reason
    raise Refused(Reason("reason-unknown", f"“{reason_code}” is not a coded reason for {finding.rule}"))


def unanswered(findings: Iterable[Finding], answers: Iterable[Answer]) -> tuple[Finding, ...]:
    """The findings that need an answer and have none given on these very facts."""
    given = {a.fingerprint for a in answers}
    return tuple(f for f in findings if f.tier.needs_answer and f.fingerprint not in given)


def hard_stops(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(f for f in findings if f.tier is Tier.HARD)
