# SPDX-License-Identifier: Apache-2.0
"""An opened container: a punctured vial or bag with its clock, what is left in it, and its own short label."""
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from uuid import UUID

from openinfusion.compounding import permissions
from openinfusion.compounding.domain.label import check_character, short_code
from openinfusion.kernel import figures
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Broken, Fault, Malformed, Reason
from openinfusion.kernel.roles import Role
from openinfusion.kernel.standing import Source, Standing

_OWN = re.compile(r"^OV1\*([0-9A-Z]{8})\*([0-9A-Z])$")


class OpenedState(StrEnum):
    OPEN = "open"
    EMPTY = "empty"
    WASTED = "wasted"


@dataclass(frozen=True, slots=True)
class OpenedFacts:
    """What the guards look at."""

    left_ml: Decimal = Decimal(0)


def something_is_left(f: OpenedFacts) -> Reason | None:
    return None if f.left_ml > 0 else Reason("nothing-left", "nothing is left in it")


def nothing_is_left(f: OpenedFacts) -> Reason | None:
    left = f"{shown_number(f.left_ml)} mL are left in it"
    return Reason("something-left", left, "waste them with a reason") if f.left_ml > 0 else None


_S = OpenedState

OPENED: Machine[OpenedState, OpenedFacts] = Machine(
    name="compounding.opened_container",
    initial=_S.OPEN,
    steps=(
        Step("empty", _S.OPEN, _S.EMPTY, permissions.COMPOUND.code, "Emptied", "{actor} emptied {subject}",
             (nothing_is_left,), "idle"),
        Step("waste", _S.OPEN, _S.WASTED, permissions.COMPOUND.code, "Waste", "{actor} wasted {left} mL of {subject}",
             (something_is_left,), "warn", True),
    ),
    owners={_S.OPEN: Role.TECHNICIAN, _S.EMPTY: "", _S.WASTED: ""},
    tones={_S.OPEN: "info", _S.EMPTY: "idle", _S.WASTED: "idle"},
)


@dataclass(frozen=True, slots=True)
class ClockRow:
    """How long an opened container may be used: by its kind, or by its drug where that is shorter."""

    kind: str  # single_dose, multiple_dose, bulk
    drug: str
    hours: int
    source: Source


@cache
def clock_rows() -> tuple[ClockRow, ...]:
    """The rows of data/opened.toml."""
    return tuple(
        ClockRow(r["kind"], r.get("drug", ""), int(r["hours"]), Source(r["source"], r["effective_from"], Standing(r["status"])))
        for r in figures.rows("openinfusion.compounding.domain", "data/opened.toml")
    )


def kind_of(*, single_dose: bool, container: str) -> str:
    """Under which clock a product stands."""
    if "bulk" in container:
        return "bulk"
    return "single_dose" if single_dose else "multiple_dose"


def clock_hours(*, kind: str, drug: str) -> ClockRow:
    """The row that holds for an opened container of this drug: the shortest."""
    rows = [r for r in clock_rows() if r.kind == kind and r.drug in ("", drug)]
    if not rows:
        raise Broken(f"opened.toml has no clock for {kind}")
    return min(rows, key=lambda r: r.hours)


def good_until(opened_at: datetime, *, kind: str, drug: str, lot_ends_at: datetime) -> tuple[datetime, str]:
    """Until when it may be used, and what sets that: the shortest clock, or the expiry of its lot."""
    row = clock_hours(kind=kind, drug=drug)
    at = opened_at + timedelta(hours=row.hours)
    if lot_ends_at < at:
        return lot_ends_at, "the lot expires"
    return at, f"{row.hours} hours after opening ({row.source})"


def opened_reasons(until: datetime, at: datetime, hood: UUID, here: UUID | None) -> tuple[Reason, ...]:
    """Every reason against drawing from an opened container here and now."""
    found = []
    if at >= until:
        found.append(Reason("opened-too-long", f"its time ended {until:%d-%b-%Y %H:%M} UTC", "waste it, take another"))
    if hood != here:
        found.append(Reason("other-hood", "it was opened in another hood", "take one opened here"))
    return tuple(found)


def opened_code(id: UUID) -> str:
    """What the short label of an opened container says to a scanner: OV1*CODE*K."""
    code = short_code(id)
    return f"OV1*{code}*{check_character(code)}"


def is_opened_code(text: str) -> bool:
    return text.strip().upper().startswith("OV1*")


def read_opened_code(text: str) -> str:
    """The short code of a scanned opened container; Malformed if it was mistyped."""
    found = _OWN.match(text.strip().upper())
    if not found or check_character(found[1]) != found[2]:
        raise Malformed(Fault("code", "this label of an opened container cannot be read; scan again"))
    return found[1]
