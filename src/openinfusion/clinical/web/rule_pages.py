# SPDX-License-Identifier: Apache-2.0
"""The page that shows how each rule fares, so that a rule that cries wolf can be retired."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from openinfusion.clinical.domain.rule import RULE, RuleFacts, RuleState
from openinfusion.clinical.queries import RuleFact, rule_facts
from openinfusion.platform.actor import Actor
from openinfusion.platform.ui.parts import Act, acts_of


@dataclass(frozen=True, slots=True)
class RuleRow:
    fact: RuleFact
    tone: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class RulesPage:
    rows: tuple[RuleRow, ...]
    wolves: int


def rules_page(by: Actor) -> RulesPage:
    rows = tuple(_row(fact, by) for fact in rule_facts())
    return RulesPage(rows, sum(r.fact.tally.cries_wolf for r in rows))


def _row(fact: RuleFact, by: Actor) -> RuleRow:
    state = RuleState(fact.state)
    facts = RuleFacts(is_hard=fact.is_hard, proposed_by_actor=fact.proposed_by == by.id)
    acts = acts_of(RULE, state, facts, by, url_for=lambda step: reverse("clinical:rule_step", args=[fact.code, step]))
    return RuleRow(fact, RULE.tone(state), acts)
