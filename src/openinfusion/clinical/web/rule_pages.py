# SPDX-License-Identifier: Apache-2.0
"""The page that shows how each rule fares, so that one that cries wolf can be retired, and every hard stop that was passed."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from openinfusion.clinical.domain.break_glass import BREAK_GLASS, Passable, PassFacts, PassState, passable
from openinfusion.clinical.domain.rule import RULE, RuleFacts, RuleState
from openinfusion.clinical.queries import PassFact, RuleFact, passes_where, rule_facts
from openinfusion.clinical.web.monitoring_pages import own
from openinfusion.platform.actor import Actor
from openinfusion.platform.ui.parts import Act, acts_of


@dataclass(frozen=True, slots=True)
class RuleRow:
    fact: RuleFact
    tone: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class PassRow:
    """A hard stop passed in an emergency, with what may be done about it."""

    fact: PassFact
    tone: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class RulesPage:
    rows: tuple[RuleRow, ...]
    wolves: int
    passes: tuple[PassRow, ...]
    passable: tuple[Passable, ...]


def rules_page(by: Actor) -> RulesPage:
    rows = tuple(_row(fact, by) for fact in rule_facts())
    passes = tuple(_pass(fact, by) for fact in passes_where())
    return RulesPage(rows, sum(r.fact.tally.cries_wolf for r in rows), passes, tuple(passable().values()))


def _pass(fact: PassFact, by: Actor) -> PassRow:
    """The steps as far as the page can tell; the action looks again, on the stop as it is then."""
    state = PassState(fact.state)
    facts = PassFacts(
        actor_proposed=fact.proposed_by == by.id, actor_took_part=by.id in (fact.proposed_by, fact.confirmed_by),
    )
    acts = acts_of(BREAK_GLASS, state, facts, by, url_for=lambda step: reverse("clinical:pass_step", args=[fact.id, step]))
    return PassRow(fact, BREAK_GLASS.tone(state), own(acts, fact.id))


def _row(fact: RuleFact, by: Actor) -> RuleRow:
    state = RuleState(fact.state)
    facts = RuleFacts(is_hard=fact.is_hard, proposed_by_actor=fact.proposed_by == by.id)
    acts = acts_of(RULE, state, facts, by, url_for=lambda step: reverse("clinical:rule_step", args=[fact.code, step]))
    return RuleRow(fact, RULE.tone(state), acts)
