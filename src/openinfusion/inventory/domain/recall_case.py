# SPDX-License-Identifier: Apache-2.0
"""A recall from the letter to the last answer: stock pulled, patients told, effect checked by another, closed."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from openinfusion.inventory import permissions
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class RecallClass(StrEnum):
    """How grave: I may kill or harm badly, II may harm for a time, III is not likely to harm."""

    I = "I"  # noqa: E741  (it is the class's name)
    II = "II"
    III = "III"
    WITHDRAWAL = "withdrawal"


class Reach(StrEnum):
    """How a recalled lot or device came to somebody."""

    PREPARATION = "preparation"
    SUPPLY = "supply"
    DEVICE = "device"


class Told(StrEnum):
    PENDING = "pending"
    TOLD = "told"
    UNREACHABLE = "unreachable"
    NOT_NEEDED = "not_needed"


class RecallState(StrEnum):
    OPEN = "open"
    PULLED = "pulled"
    TOLD = "told"
    CHECKED = "checked"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class RecallFacts:
    """What is still on shelves, who is still to be told, who worked on it and who is at it now."""

    on_shelves: Decimal = Decimal(0)
    out_on_hold: int = 0
    untold: int = 0
    worked: frozenset[UUID] = frozenset()
    actor: UUID | None = None
    lots: int = 1


def something_is_recalled(f: RecallFacts) -> Reason | None:
    return None if f.lots else Reason("nothing-named", "the case names neither a lot nor a device", "add what is recalled")


def shelves_are_clear(f: RecallFacts) -> Reason | None:
    if not f.on_shelves:
        return None
    return Reason("not-pulled", f"{f.on_shelves.normalize():f} package(s) are still on shelves", "move them to quarantine")


def nothing_is_on_hold_for_work(f: RecallFacts) -> Reason | None:
    if not f.out_on_hold:
        return None
    return Reason("still-held", f"{f.out_on_hold} reservation(s) still hold the lot for work", "release or cancel them")


def everybody_was_told(f: RecallFacts) -> Reason | None:
    if not f.untold:
        return None
    return Reason("untold", f"{f.untold} patient(s) are not told yet", "call them, or say why they cannot be reached")


def checker_did_not_work_on_it(f: RecallFacts) -> Reason | None:
    if f.actor is None or f.actor not in f.worked:
        return None
    return Reason("own-work", "whoever pulled stock or told patients may not check the effect", "another person checks")


_S = RecallState
_P = permissions.RECALL.code

RECALL: Machine[RecallState, RecallFacts] = Machine(
    name="inventory.recall",
    initial=_S.OPEN,
    steps=(
        Step("pull", _S.OPEN, _S.PULLED, _P, "Stock is pulled", "{actor} pulled the stock of {subject}",
             (something_is_recalled, shelves_are_clear, nothing_is_on_hold_for_work)),
        Step("tell", _S.PULLED, _S.TOLD, _P, "Everybody is told", "{actor} finished the notices of {subject}",
             (everybody_was_told,)),
        Step("check", _S.TOLD, _S.CHECKED, permissions.CHECK_RECALL.code, "Effect checked",
             "{actor} checked the effect of {subject}", (checker_did_not_work_on_it, shelves_are_clear, everybody_was_told),
             "ok", True, "effect of the recall checked"),
        Step("close", _S.CHECKED, _S.CLOSED, _P, "Close", "{actor} closed {subject}",
             (shelves_are_clear, everybody_was_told), "ok"),
        *(Step("reopen", s, _S.OPEN, _P, "More came to light", "{actor} opened {subject} again", (), "warn", True)
          for s in (_S.PULLED, _S.TOLD, _S.CHECKED)),
    ),
    owners={_S.OPEN: Role.WAREHOUSE, _S.PULLED: Role.PHARMACIST, _S.TOLD: Role.COMPLIANCE, _S.CHECKED: Role.PHARMACIST,
            _S.CLOSED: ""},
    tones={_S.OPEN: "crit", _S.PULLED: "warn", _S.TOLD: "wait", _S.CHECKED: "ok", _S.CLOSED: "idle"},
)
