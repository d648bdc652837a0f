# SPDX-License-Identifier: Apache-2.0
"""A pack-out's validation: the study that shows it holds its range, entered by one person and approved by another."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from openinfusion.delivery.domain.pack_out import PackOut, Payload
from openinfusion.delivery.permissions import CHECK
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Fault, Malformed, Reason


class ValidationState(StrEnum):
    ENTERED = "entered"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Study:
    """What a validation says: for which pack-outs, how long and in which range it held, until when it is good.

    ``codes``: the pack-outs; ``hours``: the qualified hours; ``low_c``, ``high_c``: the range that was kept, °C.
    """

    codes: tuple[str, ...]
    title: str
    hours: int
    low_c: Decimal
    high_c: Decimal
    first: date
    last: date

    def must_be_sound(self, known: Iterable[PackOut]) -> None:
        """Malformed with every fault: an unknown pack-out, a range that is none, a study that ends before it begins."""
        by_code = {p.code: p for p in known}
        faults = [Fault("Pack-outs", f"there is no pack-out {c}") for c in self.codes if c not in by_code]
        if not self.codes:
            faults.append(Fault("Pack-outs", "say which pack-outs it is for"))
        if not self.title.strip():
            faults.append(Fault("Title", "name the study or its protocol"))
        if not 0 < self.hours <= 240:
            faults.append(Fault("Hours", "between 1 and 240"))
        if not self.low_c < self.high_c:
            faults.append(Fault("Range", "the lowest temperature is not below the highest"))
        if self.last < self.first:
            faults.append(Fault("Good until", "is before the study"))
        for p in (by_code[c] for c in self.codes if c in by_code):
            if self.low_c < Decimal(p.low_c) or self.high_c > Decimal(p.high_c):
                faults.append(Fault("Range", f"{p.code} must keep {p.low_c} to {p.high_c} °C; the study shows "
                                    f"{self.low_c} to {self.high_c} °C"))
        if faults:
            raise Malformed(*faults)


@dataclass(frozen=True, slots=True)
class Validation:
    """A study as it stands on file."""

    id: UUID
    study: Study
    state: str
    site_id: UUID

    def holds(self, code: str, on: date, hours: int) -> bool:
        """Whether it lets this pack-out travel so long on this day."""
        s = self.study
        return self.state == ValidationState.APPROVED and code in s.codes and s.first <= on <= s.last and s.hours >= hours


@dataclass(frozen=True, slots=True)
class ValidationFacts:
    entered_by: UUID
    actor: UUID


def approver_is_another(f: ValidationFacts) -> Reason | None:
    return Reason("own-study", "who entered it may not approve it", "another pharmacist") if f.entered_by == f.actor else None


VALIDATION: Machine[ValidationState, ValidationFacts] = Machine(
    name="delivery.validation",
    initial=ValidationState.ENTERED,
    owners={ValidationState.ENTERED: "pharmacist", ValidationState.APPROVED: "", ValidationState.WITHDRAWN: ""},
    tones={ValidationState.ENTERED: "wait", ValidationState.APPROVED: "ok", ValidationState.WITHDRAWN: "idle"},
    steps=(
        Step("approve", ValidationState.ENTERED, ValidationState.APPROVED, CHECK.code, "Approve",
             "{actor} approved {subject}", (approver_is_another,), "primary", sign="approved"),
        Step("withdraw", ValidationState.ENTERED, ValidationState.WITHDRAWN, CHECK.code, "Withdraw",
             "{actor} withdrew {subject}", (), "danger", needs_reason=True),
        Step("withdraw", ValidationState.APPROVED, ValidationState.WITHDRAWN, CHECK.code, "Withdraw",
             "{actor} withdrew {subject}", (), "danger", needs_reason=True),
    ),
)


def why_none_holds(code: str, on: date, hours: int, held: Sequence[Validation]) -> Reason:
    """What is wrong with every validation of a pack-out, and what would do."""
    own = [v for v in held if code in v.study.codes]
    if not own:
        text = f"no validation of {code} is on file at this site"
    else:
        text = f"no validation of {code} holds: " + "; ".join(_why(v, on, hours) for v in own[:3])
    return Reason("no-validation", text, f"a study of {code} that shows {hours} hours in range on {on:%d-%b-%Y}, approved by a "
                  "second pharmacist")


def _why(v: Validation, on: date, hours: int) -> str:
    s = v.study
    if v.state != ValidationState.APPROVED:
        return f"“{s.title}” is {v.state}"
    if not s.first <= on <= s.last:
        return f"“{s.title}” is good from {s.first:%d-%b-%Y} to {s.last:%d-%b-%Y}"
    return f"“{s.title}” shows {s.hours} hours, {hours} are needed"


def is_cold(payload: Payload) -> bool:
    """Whether it must be kept cold, and so needs a validation on file."""
    return payload is not Payload.ROOM


