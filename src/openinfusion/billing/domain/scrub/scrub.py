# SPDX-License-Identifier: Apache-2.0
"""All levels over one claim, and what the hold reasons and the payer's rules say as findings of the same kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from openinfusion.billing.domain.scrub.balance import balance_findings
from openinfusion.billing.domain.scrub.business import business_findings
from openinfusion.billing.domain.scrub.codes import code_findings
from openinfusion.billing.domain.scrub.finding import Finding, Level, Place
from openinfusion.billing.domain.scrub.situation import situation_findings
from openinfusion.billing.domain.scrub.structure import guide_findings, structure_findings
from openinfusion.billing.domain.scrub.subject import ScrubClaim
from openinfusion.kernel.refusal import Reason

_HELD = {  # where what holds a claim in the house is mended, and on which level it is
    "no-coverage": (Level.GUIDE, Place.COVERAGE),
    "no-member-id": (Level.GUIDE, Place.COVERAGE),
    "no-diagnosis": (Level.GUIDE, Place.THERAPY),
    "plan-unsigned": (Level.PAYER, Place.PLAN),
    "no-prescriber": (Level.GUIDE, Place.THERAPY),
    "no-address": (Level.GUIDE, Place.PATIENT),
    "no-lines": (Level.GUIDE, Place.CLAIM),
    "too-late": (Level.PAYER, Place.CLAIM),
    "no-rate": (Level.PAYER, Place.CONTRACT),
    "no-authorization": (Level.PAYER, Place.AUTHORIZATION),
    "no-charge": (Level.GUIDE, Place.LINE),
    "not-yet": (Level.PAYER, Place.WAIT),
    "no-ndc": (Level.SITUATION, Place.LINE),
}
_PLACES = {"authorization": Place.AUTHORIZATION, "document": Place.THERAPY, "not_covered": Place.COVERAGE}
_SAID = frozenset({"authorization", "ndc", "describe"})  # rules that our own findings say already


def scrubbed(claim: ScrubClaim) -> tuple[Finding, ...]:
    """Everything that levels 1 to 6 have against a claim, level by level."""
    checks = (structure_findings, guide_findings, balance_findings, situation_findings, code_findings, business_findings)
    return tuple(f for check in checks for f in check(claim))


def held(reasons: Iterable[Reason]) -> tuple[Finding, ...]:
    """Hold reasons as findings."""
    found = []
    for r in reasons:
        level, place = _HELD.get(r.code, (Level.BUSINESS, Place.CLAIM))
        found.append(Finding(r.code, level, r.text, place, clears=r.clears))
    return tuple(found)


def ruled(said: Iterable[tuple[str, str, str]], known: Sequence[Finding], numbers: dict[str, int]) -> tuple[Finding, ...]:
    """A payer's rules (kind, code, words) as findings, without what our own say already; each once."""
    mine = {f.code for f in known}
    found: dict[tuple[str, str, str], Finding] = {}
    for kind, code, text in said:
        if _is_said(kind, text, mine):
            continue
        found.setdefault(
            (kind, code, text),
            Finding(
                f"rule-{kind}",
                Level.PAYER,
                f"{code}: {text}" if code else text,
                _PLACES.get(kind, Place.LINE),
                numbers.get(code, 0),
            ),
        )
    return tuple(found.values())


def _is_said(kind: str, text: str, mine: set[str]) -> bool:
    """Whether a finding of our own says the same already."""
    if kind in _SAID:
        return bool({"no-authorization", "no-ndc", "describe"} & mine)
    return kind == "modifier" and ("no-rank" in mine or ("suite-mark" in mine and " SS " in f"{text} "))
