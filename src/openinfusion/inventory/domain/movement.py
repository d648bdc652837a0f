# SPDX-License-Identifier: Apache-2.0
"""One line of the ledger: what it does to what is on hand and to what is reserved."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused


class Kind(StrEnum):
    RECEIVE = "receive"
    PUT_AWAY = "put_away"
    RESERVE = "reserve"
    UNRESERVE = "unreserve"
    ISSUE = "issue"
    RETURN = "return"
    ADJUST = "adjust"
    COUNT = "count"
    WASTE = "waste"
    TRANSFER = "transfer"
    RECALL = "recall"
    SEND_BACK = "send_back"  # to the supplier
    DESTROY = "destroy"

    @property
    def needs_reason(self) -> bool:
        return self in (Kind.ADJUST, Kind.WASTE, Kind.RECALL, Kind.SEND_BACK, Kind.DESTROY)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a movement adds to the on-hand row: counted, and of that reserved."""

    on_hand: Decimal
    reserved: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Level:
    """What is on hand at a place, and how much of it is spoken for."""

    on_hand: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)

    @property
    def available(self) -> Decimal:
        return self.on_hand - self.reserved

    def after(self, effect: Effect) -> Level:
        """The level after a movement; Refused if there would be less than nothing."""
        level = Level(self.on_hand + effect.on_hand, self.reserved + effect.reserved)
        if level.on_hand < 0 or level.reserved < 0 or level.available < 0:
            raise Refused(Reason(
                "not-enough-stock", f"only {self.available:f} free of {self.on_hand:f} on hand",
                "receive stock, count again or release a reservation",
            ))
        return level


def effect(kind: Kind, quantity: Decimal) -> Effect:
    """The effect of a movement of this kind at one place. Legs that leave a place have a negative quantity."""
    if not quantity.is_finite():
        raise Malformed(Fault("quantity", "is not a number"))
    if kind in (Kind.RECEIVE, Kind.RETURN):
        return Effect(_positive(quantity))
    if kind is Kind.RESERVE:
        return Effect(Decimal(0), _positive(quantity))
    if kind is Kind.UNRESERVE:
        return Effect(Decimal(0), -_positive(quantity))
    if kind is Kind.ISSUE:
        return Effect(-_positive(quantity), -quantity)
    if kind in (Kind.WASTE, Kind.SEND_BACK, Kind.DESTROY):
        return Effect(-_positive(quantity))
    if kind is Kind.RECALL:
        return Effect(Decimal(0))
    return Effect(quantity)  # put away, transfer, adjust, count: signed


def _positive(quantity: Decimal) -> Decimal:
    if quantity <= 0:
        raise Malformed(Fault("quantity", "is more than zero"))
    return quantity


def level_of(effects: Iterable[Effect]) -> Level:
    """The level that a run of movements leaves."""
    level = Level()
    for e in effects:
        level = Level(level.on_hand + e.on_hand, level.reserved + e.reserved)
    return level
