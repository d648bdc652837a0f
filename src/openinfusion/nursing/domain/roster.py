# SPDX-License-Identifier: Apache-2.0
"""When a nurse works, has off, and whether the agency she comes from may send her."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from openinfusion.kernel.refusal import Fault, Malformed, Reason


class SpanKind(StrEnum):
    WORKS = "works"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a nurse's time, half open."""

    kind: SpanKind
    starts_at: datetime
    ends_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class AgencyTerms:
    """What an agency's contract rests on: the last day each holds. ``competencies_on``: when proof was filed."""

    name: str
    contract_until: date
    licence_until: date
    insurance_until: date
    competencies_on: date | None


def must_be_ordered(starts_at: datetime, ends_at: datetime) -> None:
    """Malformed unless it ends after it begins, within 60 days."""
    if ends_at <= starts_at:
        raise Malformed(Fault("ends_at", "it ends after it begins"))
    if (ends_at - starts_at).days > 60:
        raise Malformed(Fault("ends_at", "one entry is at most 60 days long"))


def against_time(planned: Sequence[Stretch], start: datetime, end: datetime, name: str, plans_shifts: bool) -> Iterator[Reason]:
    """Why a nurse cannot come then. ``plans_shifts``: her shifts are planned at all; where they are not, nothing is judged."""
    for one in planned:
        if one.kind is SpanKind.OFF and one.starts_at < end and start < one.ends_at:
            yield Reason("nurse-off", f"{name} has that time off" + (f" ({one.note})" if one.note else ""),
                         "choose another time or nurse")
            return
    works = [s for s in planned if s.kind is SpanKind.WORKS]
    if plans_shifts and not any(s.starts_at <= start and end <= s.ends_at for s in works):
        yield Reason("not-on-shift", f"{name} does not work then", "choose a time within the shift, or plan one")


def against_agency(terms: AgencyTerms, on: date) -> Iterator[Reason]:
    """Why an agency may not send anybody on a day."""
    ends = {"contract": terms.contract_until, "licence": terms.licence_until, "insurance": terms.insurance_until}
    for what, until in ends.items():
        if until < on:
            yield Reason(f"agency-{what}", f"the {what} of {terms.name} ended on {until:%d-%b-%Y}", "a renewal on file")
    if terms.competencies_on is None:
        yield Reason("agency-competencies", f"{terms.name} has filed no proof of its nurses' competencies", "get it on file")
