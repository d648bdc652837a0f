# SPDX-License-Identifier: Apache-2.0
"""Whether the agency a nurse comes from may send her."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from openinfusion.kernel.refusal import Reason


@dataclass(frozen=True, slots=True)
class AgencyTerms:
    """What an agency's contract rests on: the last day each holds. ``competencies_on``: when proof was filed."""

    name: str
    contract_until: date
    licence_until: date
    insurance_until: date
    competencies_on: date | None


def against_agency(terms: AgencyTerms, on: date) -> Iterator[Reason]:
    """Why an agency may not send anybody on a day."""
    ends = {"contract": terms.contract_until, "licence": terms.licence_until, "insurance": terms.insurance_until}
    for what, until in ends.items():
        if until < on:
            yield Reason(f"agency-{what}", f"the {what} of {terms.name} ended on {until:%d-%b-%Y}", "a renewal on file")
    if terms.competencies_on is None:
        yield Reason("agency-competencies", f"{terms.name} has filed no proof of its nurses' competencies", "get it on file")
