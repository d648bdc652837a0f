# SPDX-License-Identifier: Apache-2.0
"""Controlled substances: what a witness must see, a perpetual count, and a discrepancy that stays open until resolved."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from openinfusion.inventory import permissions
from openinfusion.inventory.domain.movement import Kind
from openinfusion.kernel.figures import rows
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role

WITNESSED = (Kind.ADJUST, Kind.COUNT, Kind.WASTE, Kind.DESTROY, Kind.SEND_BACK)


class ActKind(StrEnum):
    COUNT = "count"
    WASTE = "waste"
    ADJUST = "adjust"
    DESTROY = "destroy"
    SEND_BACK = "send_back"


class ActState(StrEnum):
    TO_WITNESS = "to_witness"
    WITNESSED = "witnessed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ActFacts:
    """Who did it, who looks now; of a count what each of the two counted."""

    kind: ActKind = ActKind.WASTE
    actor: UUID | None = None
    witness: UUID | None = None
    amount: Decimal | None = None
    witness_counted: Decimal | None = None


def witness_is_another_person(f: ActFacts) -> Reason | None:
    if f.actor != f.witness:
        return None
    return Reason("own-work", "whoever did it may not be the witness", "another person witnesses")


def both_counted_the_same(f: ActFacts) -> Reason | None:
    if f.kind is not ActKind.COUNT or f.witness_counted == f.amount:
        return None
    if f.witness_counted is None:
        return Reason("witness-counts", "the witness counts too", "enter what you counted")
    return Reason("counts-differ", "the two counts differ", "count together again; refuse this entry and begin anew")


_A = ActState

ACT: Machine[ActState, ActFacts] = Machine(
    name="inventory.controlled",
    initial=_A.TO_WITNESS,
    steps=(
        Step("witness", _A.TO_WITNESS, _A.WITNESSED, permissions.WITNESS.code, "Witness", "{actor} witnessed {subject}",
             (witness_is_another_person, both_counted_the_same), "ok", False, "witnessed"),
        Step("refuse", _A.TO_WITNESS, _A.REFUSED, permissions.WITNESS.code, "Refuse", "{actor} did not witness {subject}",
             (), "warn", True),
    ),
    owners={_A.TO_WITNESS: Role.PHARMACIST, _A.WITNESSED: "", _A.REFUSED: ""},
    tones={_A.TO_WITNESS: "wait", _A.WITNESSED: "ok", _A.REFUSED: "warn"},
)


class DiscrepancyState(StrEnum):
    OPEN = "open"
    REPORTED = "reported"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class DiscrepancyFacts:
    """Who counted and who witnessed; who decides now; the number of the report, if one was made."""

    counter: UUID | None = None
    actor: UUID | None = None
    report: str = ""


def resolver_did_not_count(f: DiscrepancyFacts) -> Reason | None:
    if f.actor is None or f.actor != f.counter:
        return None
    return Reason("own-count", "whoever counted may not resolve the difference", "another person resolves it")


def report_is_named(f: DiscrepancyFacts) -> Reason | None:
    return None if f.report.strip() else Reason("report-missing", "name the report of the loss (form and number)")


_D = DiscrepancyState
_R = permissions.RESOLVE.code

DISCREPANCY: Machine[DiscrepancyState, DiscrepancyFacts] = Machine(
    name="inventory.discrepancy",
    initial=_D.OPEN,
    steps=(
        Step("report", _D.OPEN, _D.REPORTED, _R, "Report a loss", "{actor} reported {subject} as theft or loss",
             (report_is_named,), "crit", True, "loss reported"),
        *(Step("resolve", s, _D.RESOLVED, _R, "Resolve", "{actor} resolved {subject}", (resolver_did_not_count,), "ok", True,
               "discrepancy resolved") for s in (_D.OPEN, _D.REPORTED)),
    ),
    owners={_D.OPEN: Role.PHARMACIST, _D.REPORTED: Role.PHARMACIST, _D.RESOLVED: ""},
    tones={_D.OPEN: "crit", _D.REPORTED: "warn", _D.RESOLVED: "ok"},
)


@cache
def _figures() -> dict[str, dict[str, Any]]:
    return {r["name"]: r for r in rows(__package__, "data/controlled.toml")}


def resolve_by(opened_at: datetime) -> datetime:
    """When a discrepancy is late."""
    return opened_at + timedelta(hours=int(_figures()["resolve_hours"]["value"]))


def next_inventory_on(taken_on: date) -> date:
    """The last day for the next inventory of all controlled substances: the same day, two years on."""
    years = int(_figures()["inventory_years"]["value"])
    try:
        return taken_on.replace(year=taken_on.year + years)
    except ValueError:  # 29 February
        return taken_on.replace(year=taken_on.year + years, day=28)


def inventory_source() -> str:
    return str(_figures()["inventory_years"]["source"])
