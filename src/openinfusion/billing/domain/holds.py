# SPDX-License-Identifier: Apache-2.0
"""What holds a claim back before it is sent: every reason in words, with who clears it."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from openinfusion.kernel.refusal import Reason


@dataclass(frozen=True, slots=True)
class LineToCheck:
    """One line as the check sees it. ``authorized`` is None where the payer asks for no authorization."""

    code: str
    first_on: date
    last_on: date
    units: int
    charge_cents: int
    has_rate: bool
    authorized: bool | None
    needs_ndc: bool = False
    ndc: str = ""


@dataclass(frozen=True, slots=True)
class ClaimToCheck:
    """Everything the check needs to know of a claim, gathered before it is asked."""

    has_coverage: bool
    member_id: str
    diagnoses: tuple[str, ...]
    plan_signed: bool
    prescriber_npi: str
    address_complete: bool
    lines: tuple[LineToCheck, ...]
    today: date
    timely_until: date | None = None
    bills_in_arrears: bool = False
    repeated: tuple[str, ...] = ()


def hold_reasons(c: ClaimToCheck) -> tuple[Reason, ...]:
    """Every reason against sending this claim; none means that it is ready."""
    return (*_claim_reasons(c), *(r for line in c.lines for r in _line_reasons(line, c)))


def _claim_reasons(c: ClaimToCheck) -> Iterator[Reason]:
    if not c.has_coverage:
        yield Reason("no-coverage", "no coverage is recorded for the patient", "intake records the coverage")
    elif not c.member_id.strip():
        yield Reason("no-member-id", "the member number is missing", "intake completes the coverage")
    if not c.diagnoses:
        yield Reason("no-diagnosis", "no diagnosis is on the therapy", "intake asks the prescriber")
    if not c.plan_signed:
        yield Reason(
            "plan-unsigned", "the plan of treatment is not signed",
            "the prescriber signs and dates it before the claim",
        )
    if not c.prescriber_npi:
        yield Reason("no-prescriber", "the prescriber's NPI is missing", "intake completes the prescriber")
    if not c.address_complete:
        yield Reason("no-address", "the patient's address is incomplete", "intake completes the address")
    if not c.lines:
        yield Reason("no-lines", "there is nothing to bill on this claim")
    if c.timely_until is not None and c.today > c.timely_until:
        yield Reason("too-late", f"the filing limit was {c.timely_until:%d-%b-%Y}",
            "appeal with proof, or write off")
    for code in c.repeated:
        yield Reason("duplicate", f"{code} stands twice for the same day", "remove the duplicate line")


def _line_reasons(line: LineToCheck, c: ClaimToCheck) -> Iterator[Reason]:
    first, last = f"{line.first_on:%d-%b-%Y}", f"{line.last_on:%d-%b-%Y}"
    span = first if first == last else f"{first} to {last}"
    if not line.has_rate:
        yield Reason("no-rate", f"the contract has no rate for {line.code}", "payer relations adds the rate")
    if line.authorized is False:
        yield Reason(
            "no-authorization", f"no authorization covers {line.code}, {span}", "the authorization desk obtains it",
        )
    if line.units <= 0 or line.charge_cents <= 0:
        yield Reason("no-charge", f"{line.code}, {span}: units and charge are more than zero")
    if c.bills_in_arrears and line.last_on > c.today:
        yield Reason("not-yet", f"{line.code} runs to {line.last_on:%d-%b-%Y}, which has not come yet",
                     f"wait until {line.last_on:%d-%b-%Y}")
    if line.needs_ndc and not line.ndc:
        yield Reason("no-ndc", f"{line.code} needs the NDC of the product given")
