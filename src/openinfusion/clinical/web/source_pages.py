# SPDX-License-Identifier: Apache-2.0
"""The pages that say which interaction sets are loaded, and which compatibility observations the site has signed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.urls import reverse

from openinfusion.clinical.domain.compatibility import OBSERVATION, ObservationFacts, ObservationState
from openinfusion.clinical.domain.interaction import Interaction, LoadedSet, starting_rows, starting_set
from openinfusion.clinical.domain.interaction_file import COLUMNS
from openinfusion.clinical.domain.interaction_set import INTERACTION_SET, SetFacts, SetState
from openinfusion.clinical.permissions import ENTER_OBSERVATION, LOAD_INTERACTIONS
from openinfusion.clinical.queries import ObservationFact, SetFact, observation_facts, set_facts
from openinfusion.clinical.web.forms import ObservationForm, SetForm
from openinfusion.platform.actor import Actor
from openinfusion.platform.ui.parts import Act, acts_of


@dataclass(frozen=True, slots=True)
class SetRow:
    fact: SetFact
    tone: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class InteractionsPage:
    starting: LoadedSet
    rows: tuple[Interaction, ...]
    sets: tuple[SetRow, ...]
    columns: str
    form: SetForm | None


def interactions_page(by: Actor, text: str) -> InteractionsPage:
    """The sets, and the rows of the starting set whose drugs contain a text."""
    wanted = text.strip().lower().replace(" ", "_")
    rows = tuple(r for r in starting_rows() if wanted in f"{r.left} {r.right}")
    form = SetForm() if by.may(LOAD_INTERACTIONS.code) else None
    return InteractionsPage(starting_set(), rows, tuple(_set_row(f, by) for f in set_facts()), ", ".join(COLUMNS), form)


def _set_row(fact: SetFact, by: Actor) -> SetRow:
    state = SetState(fact.state)
    acts = acts_of(INTERACTION_SET, state, SetFacts(), by, url_for=lambda step: reverse("clinical:set_withdraw", args=[fact.id]))
    return SetRow(fact, INTERACTION_SET.tone(state), acts)


@dataclass(frozen=True, slots=True)
class ObservationRow:
    fact: ObservationFact
    tone: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class ObservationsPage:
    rows: tuple[ObservationRow, ...]
    counts: tuple[tuple[str, int], ...]
    chosen: str
    form: ObservationForm | None


def observations_page(by: Actor, chosen: str) -> ObservationsPage:
    """Observations in a chosen state, or all; with the form to enter one."""
    facts = observation_facts()
    counts = Counter(f.state for f in facts)
    shown = [f for f in facts if chosen not in set(ObservationState) or f.state == chosen]
    form = ObservationForm() if by.may(ENTER_OBSERVATION.code) else None
    return ObservationsPage(
        tuple(_observation_row(f, by) for f in shown), tuple((s.value, counts[s.value]) for s in ObservationState), chosen, form
    )


def _observation_row(fact: ObservationFact, by: Actor) -> ObservationRow:
    state, facts = ObservationState(fact.state), ObservationFacts(entered_by_actor=fact.entered_by == by.id)
    acts = acts_of(OBSERVATION, state, facts, by, url_for=lambda step: reverse("clinical:observation_step", args=[fact.id, step]))
    return ObservationRow(fact, OBSERVATION.tone(state), acts)
