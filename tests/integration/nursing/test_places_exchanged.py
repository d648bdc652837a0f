# SPDX-License-Identifier: Apache-2.0
"""Nurses who change places in one plan are judged by what stands in the end; what is truly refused leaves all as it was."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.integration.dispatch.test_day_plans import _nurse

from openinfusion.kernel.refusal import Refused, Stale
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import NurseTime, NurseVisit, SecondNurse
from openinfusion.nursing.public import Assignment
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import timeline
from openinfusion.platform.models import Entry

HOUR = timedelta(hours=1)


class Team:
    """Four nurses who may do the same, visits at one time of the day, and what stands of them."""

    def __init__(self, thread: Any, more: list[UUID]) -> None:
        self.thread = thread
        self.anna, self.ben, self.cat, self.dan = thread.nurse.id, *more
        self.at = now() + timedelta(days=1)

    def given(self, first: UUID, second: UUID | None = None, at: datetime | None = None) -> UUID:
        """A visit that its first nurse has, and her second where there is one."""
        at = at or self.at
        visit_id = nursing.request_visit(therapy_id=self.thread.bench.therapy(), purpose="line care", by=self.thread.manager,
                                         second_why="turning" if second else "")
        nursing.offer_visit(visit_id=visit_id, nurse_id=first, planned_start=at, planned_end=at + HOUR, by=self.thread.manager)
        if second:
            nursing.offer_second(visit_id=visit_id, nurse_id=second, by=self.thread.manager)
        return visit_id

    def to(self, visit_id: UUID, first: UUID, second: UUID | None = None, at: datetime | None = None) -> Assignment:
        at = at or self.at
        return Assignment(visit_id, first, at, at + HOUR, nursing.visit(visit_id).version, second)

    def assign(self, *wanted: Assignment) -> None:
        nursing.assign_visits(wanted=wanted, by=self.thread.manager)

    def stands(self, visit_id: UUID) -> tuple[str, UUID | None, UUID | None]:
        v = nursing.visit(visit_id)
        return v.state, v.nurse, v.second.nurse if v.second else None


@pytest.fixture
def four(thread: Any, someone: Callable[..., Actor], scope: UUID) -> Team:
    return Team(thread, [_nurse(thread, someone, scope, name, licensed=True) for name in ("Ben B", "Cat C", "Dan D")])


def held() -> set[tuple[UUID, int, UUID]]:
    return set(NurseTime.objects.values_list("visit_id", "place", "nurse"))


def everything() -> list[Any]:
    """All that could have changed, versions with it."""
    return [
        sorted(NurseVisit.objects.values_list("id", "state", "nurse", "planned_start", "version")),
        sorted(SecondNurse.objects.values_list("id", "state", "nurse", "version")), held(), Entry.objects.count(),
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_two_nurses_swap_visits_of_the_same_hour(four: Team, order: int) -> None:
    a, b = four.given(four.anna), four.given(four.ben)
    four.assign(*[four.to(a, four.ben), four.to(b, four.anna)][::order])
    assert (four.stands(a), four.stands(b)) == (("offered", four.ben, None), ("offered", four.anna, None))
    assert held() == {(a, 1, four.ben), (b, 1, four.anna)}
    steps = [line.verb for line in timeline(subject_ids=[a])]
    assert steps.count("nursing.visit.reschedule") == 1 and steps.count("nursing.visit.offer") == 2, "each act is in the journal"


def test_three_nurses_pass_visits_on_in_a_ring(four: Team) -> None:
    a, b, c = four.given(four.anna), four.given(four.ben), four.given(four.cat)
    four.assign(four.to(a, four.ben), four.to(b, four.cat), four.to(c, four.anna))
    assert [four.stands(v)[1] for v in (a, b, c)] == [four.ben, four.cat, four.anna]
    assert held() == {(a, 1, four.ben), (b, 1, four.cat), (c, 1, four.anna)}


def test_two_pairs_exchange_their_first_nurses_and_the_seconds_are_not_asked_again(four: Team) -> None:
    v, w = four.given(four.anna, four.ben), four.given(four.cat, four.dan)
    ben = Actor(four.ben, "Ben B", *[getattr(four.thread.nurse, n) for n in ("organization_id", "roles", "permissions", "site_id")])
    nursing.advance_second(visit_id=v, step="accept", by=ben)
    four.assign(four.to(v, four.cat, four.ben), four.to(w, four.anna, four.dan))
    assert (four.stands(v)[1:], four.stands(w)[1:]) == ((four.cat, four.ben), (four.anna, four.dan))
    beside = nursing.visit(v).second
    assert beside is not None and beside.state == "accepted"
    assert held() == {(v, 1, four.cat), (v, 2, four.ben), (w, 1, four.anna), (w, 2, four.dan)}


def test_second_of_one_and_first_of_another_change_places(four: Team) -> None:
    v, w = four.given(four.anna, four.ben), four.given(four.cat)
    four.assign(four.to(v, four.anna, four.cat), four.to(w, four.ben))
    assert (four.stands(v), four.stands(w)[1]) == (("offered", four.anna, four.cat), four.ben)
    assert [line.verb for line in timeline(subject_ids=[v])].count("nursing.visit.offer") == 1, "Anna is not asked again"
    four.assign(four.to(v, four.cat, four.anna))
    assert four.stands(v) == ("offered", four.cat, four.anna)


def test_times_are_exchanged_with_a_pair_between(four: Team) -> None:
    later = four.at + HOUR
    v, w, x = four.given(four.anna, four.ben), four.given(four.anna, at=later), four.given(four.ben, at=later)
    four.assign(four.to(v, four.ben, four.anna, later), four.to(w, four.anna), four.to(x, four.ben))
    assert held() == {(v, 1, four.ben), (v, 2, four.anna), (w, 1, four.anna), (x, 1, four.ben)}
    assert nursing.visit(v).planned_start == later and nursing.visit(w).planned_start == four.at


def test_what_is_truly_refused_leaves_everything_as_it_was(four: Team) -> None:
    a, b, c = four.given(four.anna), four.given(four.ben), four.given(four.cat)
    v = four.given(four.anna, four.dan, four.at + 2 * HOUR)
    before = everything()
    swap = (four.to(a, four.ben), four.to(b, four.anna))
    with pytest.raises(Refused, match="Cat C has visit"):  # c stays with Cat
        four.assign(*swap, four.to(v, four.cat, four.dan))
    with pytest.raises(Refused, match="at that time"):  # twice at once by the plan itself
        four.assign(four.to(a, four.ben), four.to(b, four.anna), four.to(c, four.anna))
    with pytest.raises(Refused, match="another person|second nurse of this visit"):
        four.assign(*swap, four.to(v, four.dan, four.dan, four.at + 2 * HOUR))
    with pytest.raises(Stale):
        four.assign(*swap, replace(four.to(c, four.dan), version=99))
    nursing.plan_time_of(nurse_id=four.ben, kind="off", starts_at=four.at, ends_at=four.at + HOUR, by=four.thread.manager)
    before[-1] += 1
    with pytest.raises(Refused, match="has that time off"):
        four.assign(*swap)
    assert everything() == before
