# SPDX-License-Identifier: Apache-2.0
"""A cycle count: blind, counted again by another where it differs, approved by a third look, then adjusted with a reason."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from openinfusion.inventory import permissions
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class CountState(StrEnum):
    COUNTING = "counting"
    RECOUNTING = "recounting"
    TO_APPROVE = "to_approve"
    POSTED = "posted"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Counted:
    """One line: what the book said when it was counted, what was counted, and again; why it differs."""

    book: Decimal | None = None
    first: Decimal | None = None
    second_book: Decimal | None = None
    second: Decimal | None = None
    reason: str = ""

    @property
    def differs(self) -> bool:
        return self.first is not None and self.book is not None and self.first != self.book

    @property
    def difference(self) -> Decimal:
        """What to add to the book: by the last count there is, against the book at that moment."""
        if self.second is not None and self.second_book is not None:
            return self.second - self.second_book
        return (self.first or Decimal(0)) - (self.book or Decimal(0))


@dataclass(frozen=True, slots=True)
class CountFacts:
    """The lines of a sheet, who counted first, and who is at it now."""

    lines: Sequence[Counted] = ()
    counter: UUID | None = None
    recounter: UUID | None = None
    actor: UUID | None = None


def every_line_is_counted(f: CountFacts) -> Reason | None:
    open_lines = sum(1 for line in f.lines if line.first is None)
    return Reason("not-counted", f"{open_lines} line(s) are not counted yet", "count them") if open_lines else None


def nothing_differs(f: CountFacts) -> Reason | None:
    differing = sum(1 for line in f.lines if line.differs)
    if not differing:
        return None
    return Reason("differs", f"{differing} line(s) differ from the book", "have another person count them again")


def something_differs(f: CountFacts) -> Reason | None:
    return None if any(line.differs for line in f.lines) else Reason("nothing-differs", "every count agrees with the book")


def every_difference_is_counted_again(f: CountFacts) -> Reason | None:
    left = sum(1 for line in f.lines if line.differs and line.second is None)
    if not left:
        return None
    return Reason("not-recounted", f"{left} differing line(s) are not counted again", "another person counts them")


def approver_counted_nothing(f: CountFacts) -> Reason | None:
    if f.actor is None or f.actor not in (f.counter, f.recounter):
        return None
    return Reason("own-count", "whoever counted may not approve the count", "another person approves")


def every_difference_has_a_reason(f: CountFacts) -> Reason | None:
    left = sum(1 for line in f.lines if line.difference and not line.reason.strip())
    return Reason("reason-missing", f"{left} difference(s) have no reason", "say why, on each line") if left else None


_S = CountState
_C, _A = permissions.COUNT.code, permissions.APPROVE_COUNT.code

COUNT: Machine[CountState, CountFacts] = Machine(
    name="inventory.count",
    initial=_S.COUNTING,
    steps=(
        Step("finish", _S.COUNTING, _S.TO_APPROVE, _C, "Finish", "{actor} finished {subject} without a difference",
             (every_line_is_counted, nothing_differs), "ok"),
        Step("recount", _S.COUNTING, _S.RECOUNTING, _C, "Ask for a recount", "{actor} asked for a recount of {subject}",
             (every_line_is_counted, something_differs), "warn"),
        Step("confirm", _S.RECOUNTING, _S.TO_APPROVE, _C, "Finish the recount", "{actor} finished the recount of {subject}",
             (every_difference_is_counted_again,)),
        Step("approve", _S.TO_APPROVE, _S.POSTED, _A, "Approve and adjust", "{actor} approved {subject}",
             (approver_counted_nothing, every_difference_has_a_reason), "ok", False, "count approved"),
        *(Step("cancel", s, _S.CANCELLED, _A, "Cancel", "{actor} cancelled {subject}", (), "warn", True)
          for s in (_S.COUNTING, _S.RECOUNTING, _S.TO_APPROVE)),
    ),
    owners={_S.COUNTING: Role.TECHNICIAN, _S.RECOUNTING: Role.TECHNICIAN, _S.TO_APPROVE: Role.PHARMACIST, _S.POSTED: "",
            _S.CANCELLED: ""},
    tones={_S.RECOUNTING: "warn", _S.TO_APPROVE: "wait", _S.POSTED: "ok", _S.CANCELLED: "idle"},
)
