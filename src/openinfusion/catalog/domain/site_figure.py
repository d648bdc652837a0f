# SPDX-License-Identifier: Apache-2.0
"""A figure of parenteral nutrition that a site sets for itself: proposed by one pharmacist, in force by another's signature.

It ends the same way: one proposes, another signs. A new one takes the place of the old when it comes into force.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openinfusion.catalog import permissions
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class SiteFigureState(StrEnum):
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    LEAVING = "leaving"  # still in force until the second person signs its end
    REPLACED = "replaced"
    ENDED = "ended"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class SiteFigureFacts:
    """What the guards look at."""

    proposed_by_actor: bool = False  # who proposed the figure, or its end


def signer_is_another_person(f: SiteFigureFacts) -> Reason | None:
    own = "whoever proposed it may not sign it"
    return Reason("own-proposal", own, "another pharmacist signs") if f.proposed_by_actor else None


_S = SiteFigureState
_P, _C = permissions.PROPOSE.code, permissions.CONFIRM.code
HOLDS = (_S.IN_FORCE, _S.LEAVING)


def site_figure_machine(name: str) -> Machine[SiteFigureState, SiteFigureFacts]:
    """The machine of one kind of figure; all kinds walk the same way."""
    another = (signer_is_another_person,)
    return Machine(
        name=name,
        initial=_S.PROPOSED,
        steps=(
            Step(
                "confirm",
                _S.PROPOSED,
                _S.IN_FORCE,
                _C,
                "Put in force",
                "{actor} put {subject} in force",
                another,
                "ok",
                sign="in force here",
            ),
            Step("reject", _S.PROPOSED, _S.REJECTED, _C, "Reject", "{actor} rejected {subject}", (), "crit", True),
            Step(
                "propose_end",
                _S.IN_FORCE,
                _S.LEAVING,
                _P,
                "Propose to end",
                "{actor} proposed to end {subject}",
                (),
                "warn",
                True,
            ),
            Step("keep", _S.LEAVING, _S.IN_FORCE, _C, "Keep", "{actor} kept {subject}", (), "ok", True),
            Step(
                "end", _S.LEAVING, _S.ENDED, _C, "End it", "{actor} ended {subject}", another, "crit", sign="no longer in force"
            ),
            *(Step("replace", s, _S.REPLACED, _C, "Replace", "{actor} replaced {subject} by a newer one") for s in HOLDS),
        ),
        owners={
            _S.PROPOSED: Role.PHARMACIST,
            _S.IN_FORCE: "",
            _S.LEAVING: Role.PHARMACIST,
            _S.REPLACED: "",
            _S.ENDED: "",
            _S.REJECTED: "",
        },
        tones={_S.PROPOSED: "wait", _S.IN_FORCE: "ok", _S.LEAVING: "warn"},
    )


NUTRITION_LIMIT = site_figure_machine("catalog.nutrition_limit")
NUTRITION_STOCK = site_figure_machine("catalog.nutrition_stock")
NUTRITION_CURVE = site_figure_machine("catalog.nutrition_curve")
