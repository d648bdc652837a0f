# SPDX-License-Identifier: Apache-2.0
"""May I make this, here, now? Order, room, hood, person and stock, each with every reason against it and who clears it."""
from __future__ import annotations

from dataclasses import dataclass

from openinfusion.kernel.refusal import Reason


@dataclass(frozen=True, slots=True)
class GateLine:
    """One question of the gate and the reasons against a yes."""

    question: str
    reasons: tuple[Reason, ...] = ()

    @property
    def open(self) -> bool:
        return not self.reasons

    @property
    def tone(self) -> str:
        return "ok" if self.open else "crit"


@dataclass(frozen=True, slots=True)
class Gate:
    """All five questions."""

    order: GateLine
    room: GateLine
    turn: GateLine
    person: GateLine
    stock: GateLine

    @property
    def lines(self) -> tuple[GateLine, ...]:
        return self.order, self.room, self.turn, self.person, self.stock

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return tuple(r for line in self.lines for r in line.reasons)

    @property
    def open(self) -> bool:
        return not self.reasons


def gate(
    *, order: list[Reason], room: list[Reason], turn: list[Reason], person: list[Reason], stock: list[Reason], hood: str = "",
    who: str = "",
) -> Gate:
    """The gate with what its neighbours say."""
    return Gate(
        GateLine("Is the order verified and running?", tuple(order)),
        GateLine(f"Is {hood or 'the hood'} fit for this?", tuple(room)),
        GateLine(f"Is {hood or 'the hood'} free?", tuple(turn)),
        GateLine(f"May {who or 'this person'} make it?", tuple(person)),
        GateLine("Is every lot in date and cleared?", tuple(stock)),
    )


def tasks_for(hazardous: bool, category: int = 2) -> tuple[str, ...]:
    """The competencies that making this needs; category 3 asks for shorter intervals."""
    base = "category_3_compounding" if category == 3 else "sterile_compounding"
    return (base, "hazardous_compounding") if hazardous else (base,)
