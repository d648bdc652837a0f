# SPDX-License-Identifier: Apache-2.0
"""Retire a rule that cries wolf, by two pharmacists; put it in force again."""

from __future__ import annotations

from typing import Any

from openinfusion.clinical import permissions
from openinfusion.clinical.domain.rule import RuleFacts
from openinfusion.clinical.models import Firing, RuleStanding
from openinfusion.clinical.queries import rule_facts
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance


@action
def advance_rule(*, code: str, step: str, by: Actor, reason: str = "", version: int | None = None) -> str:
    """Propose, keep, confirm or restore. Refused for a rule that stops hard, and for confirming one's own proposal."""
    by.must(permissions.RETIRE)
    if not rule_facts(code):
        raise NotFound(f"rule {code}")
    row = lock(RuleStanding, RuleStanding.objects.get_or_create(code=code)[0].id, version)
    facts = RuleFacts(
        is_hard=Firing.objects.filter(code=code, tier="hard").exists(),
        proposed_by_actor=row.proposed_by == by.id,
    )
    advance(row, step, facts, by=by, reason=reason, **_changes(step, reason, by))
    return code


def _changes(step: str, reason: str, by: Actor) -> dict[str, Any]:
    nobody = {"proposed_by": None, "proposer_name": "", "confirmed_by": None, "confirmer_name": "", "why": ""}
    return {
        "propose": {"proposed_by": by.id, "proposer_name": by.name, "why": reason},
        "confirm": {"confirmed_by": by.id, "confirmer_name": by.name},
    }.get(step, nobody)
