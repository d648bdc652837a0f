# SPDX-License-Identifier: Apache-2.0
"""Reads the data files of intake: rules of required items, the house's own costs."""
from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from openinfusion.intake.domain.item import ItemRule
from openinfusion.intake.domain.payer_clock import ClockRow, WindowRow
from openinfusion.kernel.money import Money
from openinfusion.kernel.standing import Source, Standing

DATA = Path(__file__).parent / "data"


def _toml(name: str) -> dict[str, Any]:
    with (DATA / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def item_rules() -> dict[str, ItemRule]:
    return {
        code: ItemRule(code, row["label"], row["met_by"], tuple(row["wanted"]), row["clinical"])
        for code, row in _toml("items").items()
    }


@dataclass(frozen=True, slots=True)
class HouseCosts:
    preparation_per_dose: Money
    delivery_per_week: Money
    nurse_visit: Money
    source: Source
    money_pct_a_year: Decimal
    bill_days: int
    spread: dict[str, Decimal]  # by kind of line, percent


@cache
def renewal_warn_days() -> int:
    """How many days before its end an authorization is said to run out soon."""
    return int(_toml("authorization")["renewal"]["warn_days"])


@cache
def ask_again_days() -> int:
    """After how many days the house asks a payer again that no rule binds."""
    return int(_toml("authorization")["renewal"]["ask_again_days"])


def _source(row: dict[str, Any]) -> Source:
    return Source(row["source"], row["effective_from"], Standing(row["status"]))


@cache
def payer_clocks() -> tuple[ClockRow, ...]:
    """Until when payers have to decide."""
    return tuple(
        ClockRow(frozenset(r["types"]), r["urgent"], r.get("drugs"), r["hours"], _source(r))
        for r in _toml("authorization")["clock"]
    )


@cache
def payer_windows() -> tuple[WindowRow, ...]:
    """How long one may talk to a payer's physician or appeal."""
    return tuple(WindowRow(r["what"], frozenset(r["types"]), r["days"], _source(r)) for r in _toml("authorization")["window"])


@cache
def benefits_before_shipment_days() -> int:
    """How old an answer about benefits may be when something ships."""
    return int(_toml("benefits")["again"]["before_shipment_days"])


@cache
def house_costs() -> HouseCosts:
    row = _toml("costs")["costs"]
    return HouseCosts(
        Money(row["preparation_cents_per_dose"]),
        Money(row["delivery_cents_per_week"]),
        Money(row["nurse_visit_cents"]),
        Source(row["source"], row["effective_from"], Standing(row["status"])),
        Decimal(row["money_pct_a_year"]),
        row["bill_days"],
        {kind: Decimal(pct) for kind, pct in _toml("costs")["spread"].items()},
    )
