# SPDX-License-Identifier: Apache-2.0
"""A rule of the checks: in force, or silenced by two pharmacists because it cries wolf. A hard stop is never silenced."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from openinfusion.clinical import permissions
from openinfusion.clinical.domain.figures import figure
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class RuleState(StrEnum):
    IN_FORCE = "in_force"
    PROPOSED = "proposed"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """What the guards look at."""

    is_hard: bool = False  # it has fired as a hard stop
    proposed_by_actor: bool = False


def rule_is_no_hard_stop(f: RuleFacts) -> Reason | None:
    return Reason("hard-rule", "a rule that stops hard is never retired") if f.is_hard else None


def confirmer_is_another_person(f: RuleFacts) -> Reason | None:
    own = "whoever proposed it may not confirm it"
    return Reason("own-proposal", own, "another pharmacist confirms") if f.proposed_by_actor else None


_S = RuleState
_RETIRE = permissions.RETIRE.code

RULE: Machine[RuleState, RuleFacts] = Machine(
    name="clinical.rule",
    initial=_S.IN_FORCE,
    steps=(
        Step("propose", _S.IN_FORCE, _S.PROPOSED, _RETIRE, "Propose to retire", "{actor} proposed to retire {subject}",
             (rule_is_no_hard_stop,), "warn", True),
        Step("keep", _S.PROPOSED, _S.IN_FORCE, _RETIRE, "Keep", "{actor} kept {subject}", (), "ok", True),
        Step("confirm", _S.PROPOSED, _S.RETIRED, _RETIRE, "Confirm and sign", "{actor} confirmed that {subject} is retired",
             (rule_is_no_hard_stop, confirmer_is_another_person), "crit", sign="retired"),
        Step("restore", _S.RETIRED, _S.IN_FORCE, _RETIRE, "Put in force again", "{actor} put {subject} in force again",
             (), "ok", True),
    ),
    owners={_S.IN_FORCE: "", _S.PROPOSED: Role.PHARMACIST, _S.RETIRED: ""},
    tones={_S.IN_FORCE: "ok", _S.PROPOSED: "wait", _S.RETIRED: "idle"},
)


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a rule fired and what became of it."""

    fired: int = 0
    overridden: int = 0
    acted: int = 0
    open: int = 0

    @property
    def override_pct(self) -> Decimal | None:
        """Of what was decided, how much was overridden; None while nothing is."""
        return self._share(self.overridden)

    @property
    def action_pct(self) -> Decimal | None:
        return self._share(self.acted)

    def _share(self, part: int) -> Decimal | None:
        decided = self.overridden + self.acted
        return None if not decided else (Decimal(100) * part / decided).quantize(Decimal(1))

    @property
    def cries_wolf(self) -> bool:
        """Overridden nearly always and acted upon hardly ever, often enough to tell: a pharmacist should look at it."""
        over, acted = self.override_pct, self.action_pct
        if over is None or acted is None or self.overridden + self.acted < figure("rule_decided_least").value:
            return False
        return over > figure("rule_override_high").value and acted < figure("rule_action_low").value
