# SPDX-License-Identifier: Apache-2.0
"""An interaction set that a site loaded from a source it licenses: in force until withdrawn or replaced by a newer one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openinfusion.clinical import permissions
from openinfusion.kernel.machine import Machine, Step


class SetState(StrEnum):
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class SetFacts:
    """Nothing stands against withdrawing a set; why is said in words."""


_S = SetState

INTERACTION_SET: Machine[SetState, SetFacts] = Machine(
    name="clinical.interaction_set",
    initial=_S.IN_FORCE,
    steps=(
        Step("withdraw", _S.IN_FORCE, _S.WITHDRAWN, permissions.LOAD_INTERACTIONS.code, "Withdraw",
             "{actor} withdrew {subject}", (), "warn", True),
    ),
    owners={_S.IN_FORCE: "", _S.WITHDRAWN: ""},
    tones={_S.IN_FORCE: "ok", _S.WITHDRAWN: "idle"},
)
