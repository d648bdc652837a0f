# SPDX-License-Identifier: Apache-2.0
"""What is thrown away at the hood: a package that was never opened, or what is left in an opened one; controlled: seen by two."""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from openinfusion.compounding import permissions
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.kernel.roles import Role


class WasteState(StrEnum):
    TO_WITNESS = "to_witness"  # a controlled substance, until another person has seen it go
    DONE = "done"


@dataclass(frozen=True, slots=True)
class WasteFacts:
    """What the guards look at."""

    wasted_by: UUID | None = None
    actor: UUID | None = None
    controlled: bool = True


def witness_is_another(f: WasteFacts) -> Reason | None:
    own = "whoever wasted it is not its witness"
    return Reason("own-work", own, "another person witnesses") if f.actor == f.wasted_by else None


def it_is_not_controlled(f: WasteFacts) -> Reason | None:
    if not f.controlled:
        return None
    return Reason("needs-witness", "a controlled substance is seen by a witness", "another person witnesses")


_S = WasteState

HOOD_WASTE: Machine[WasteState, WasteFacts] = Machine(
    name="compounding.hood_waste",
    initial=_S.TO_WITNESS,
    steps=(
        Step("witness", _S.TO_WITNESS, _S.DONE, permissions.CHECK.code, "I saw it go", "{actor} witnessed {subject}",
             (witness_is_another,), "ok", sign="saw it wasted"),
        Step("record", _S.TO_WITNESS, _S.DONE, permissions.COMPOUND.code, "Recorded", "{actor} wasted {subject}: {why}",
             (it_is_not_controlled,), "warn"),
    ),
    owners={_S.TO_WITNESS: Role.PHARMACIST, _S.DONE: ""},
    tones={_S.TO_WITNESS: "wait", _S.DONE: "idle"},
)


def must_be_wastable(packages: int, closed: int, lot: str, reason: str) -> None:
    """Malformed without a reason; Refused for more packages than stand closed in the hood."""
    if not reason.strip():
        raise Malformed(Fault("reason", "say why it is wasted"))
    if packages < 1 or packages > closed:
        text = f"{closed} package(s) of lot {lot} stand closed in the hood"
        raise Refused(Reason("not-so-many", text, "what was opened is wasted under opened containers"))
