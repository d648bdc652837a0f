# SPDX-License-Identifier: Apache-2.0
"""Supply-chain security: transaction data of a receipt, how long they are kept, and product that may not be genuine."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from openinfusion.inventory import permissions
from openinfusion.kernel.figures import rows
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Fault, Malformed, Reason
from openinfusion.kernel.roles import Role


@dataclass(frozen=True, slots=True)
class Transaction:
    """What the seller hands over with a delivery: transaction information (TI) and transaction statement (TS)."""

    document: str = ""  # number or identifier of the TI
    transacted_on: date | None = None
    shipped_on: date | None = None
    statement: bool = False  # the TS says that the seller is authorized and the product is what it says

    @property
    def complete(self) -> bool:
        return bool(self.document.strip() and self.transacted_on and self.statement)

    def must_fit(self, today: date) -> None:
        """Malformed with every fault; a delivery of supplies may have none of it, half of it is a mistake."""
        faults = []
        if not self.complete and (self.document.strip() or self.transacted_on or self.statement):
            faults.append(Fault("transaction", "give the document, the date and the statement, or none of them"))
        for name, day in (("transacted_on", self.transacted_on), ("shipped_on", self.shipped_on)):
            if day and day > today:
                faults.append(Fault(name, f"{day:%d-%b-%Y} is in the future"))
        if faults:
            raise Malformed(*faults)


@cache
def _figures() -> dict[str, dict[str, Any]]:
    return {r["name"]: r for r in rows(__package__, "data/supply_chain.toml")}


def kept_until(received_on: date) -> date:
    """The last day on which the transaction data of a receipt must be there."""
    years = int(_figures()["keep_years"]["value"])
    try:
        return received_on.replace(year=received_on.year + years)
    except ValueError:  # 29 February: a day later rather than a day short
        return date(received_on.year + years, 3, 1)


def keep_years() -> tuple[int, str]:
    """How many years, and who says so."""
    return int(_figures()["keep_years"]["value"]), str(_figures()["keep_years"]["source"])


class SuspectState(StrEnum):
    SUSPECTED = "suspected"
    ILLEGITIMATE = "illegitimate"
    CLEARED = "cleared"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class SuspectFacts:
    """The number of the notice to the authority, and whether anything of the lot is still here."""

    notice: str = ""
    left: bool = False
    reasons: tuple[Reason, ...] = field(default=())


def notice_is_named(f: SuspectFacts) -> Reason | None:
    return None if f.notice.strip() else Reason("notice-missing", "name the notice (Form FDA 3911 and its number)")


def nothing_is_left(f: SuspectFacts) -> Reason | None:
    return Reason("still-on-hand", "some of the lot is still here", "return or destroy it first") if f.left else None


def notify_by(found_at: datetime) -> datetime:
    """When the authority and the trading partners must know, counted from the finding."""
    return found_at + timedelta(hours=int(_figures()["notify_hours"]["value"]))


_S = SuspectState
_P = permissions.RECALL.code

SUSPECT: Machine[SuspectState, SuspectFacts] = Machine(
    name="inventory.suspect",
    initial=_S.SUSPECTED,
    steps=(
        Step("clear", _S.SUSPECTED, _S.CLEARED, permissions.CLEAR.code, "Clear", "{actor} found {subject} to be genuine", (),
             "ok", True, "product cleared"),
        Step("condemn", _S.SUSPECTED, _S.ILLEGITIMATE, _P, "Not genuine", "{actor} found {subject} not to be genuine", (), "crit",
             True),
        Step("close", _S.ILLEGITIMATE, _S.CLOSED, _P, "Close", "{actor} closed {subject}", (notice_is_named, nothing_is_left),
             "ok"),
    ),
    owners={_S.SUSPECTED: Role.PHARMACIST, _S.ILLEGITIMATE: Role.COMPLIANCE, _S.CLEARED: "", _S.CLOSED: ""},
    tones={_S.SUSPECTED: "warn", _S.ILLEGITIMATE: "crit", _S.CLEARED: "ok", _S.CLOSED: "idle"},
)
