# SPDX-License-Identifier: Apache-2.0
"""News: told after the change, again when a handler failed, once in effect."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest

from openinfusion.kernel.ids import new_id
from openinfusion.kernel.news import News
from openinfusion.platform import news
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import packed, write
from openinfusion.platform.models import Organization, Told, Untold
from openinfusion.platform.news import on, sweep


@dataclass(frozen=True, slots=True, kw_only=True)
class BellRang(News):
    bell_id: UUID
    on_day: date
    times: int


@action
def ring(*, times: int, by: Actor) -> UUID:
    bell = new_id()
    told = BellRang(bell_id=bell, on_day=date(2026, 2, 28), times=times, patient_id=None)
    write(by, "t.bell.ring", Organization.objects.get(pk=by.organization_id), "{actor} rang.", news=[told])
    return bell


@pytest.fixture
def heard():
    """A handler that fails the first time."""
    seen: list[BellRang] = []
    tries = []

    def listen(told: BellRang, by: Actor) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise ValueError("the first time it fails")
        seen.append(told)

    on(BellRang)(listen)
    yield seen
    news._handlers[BellRang].remove(listen)


def test_a_failed_handler_is_told_again_and_each_effect_is_once(scope, someone, heard, caplog) -> None:
    ring(times=3, by=someone())
    assert heard == [] and Untold.objects.count() == 1
    assert sweep(scope) == 0
    row = Untold.objects.get()
    assert row.tries == 1 and "the first time it fails" in row.trouble and Told.objects.count() == 0
    assert sweep(scope) == 1
    assert [h.times for h in heard] == [3] and heard[0].on_day == date(2026, 2, 28) and isinstance(heard[0].bell_id, UUID)
    assert Untold.objects.count() == 0 and sweep(scope) == 0 and len(heard) == 1


def test_news_is_stored_and_read_back_whole() -> None:
    told = BellRang(bell_id=new_id(), on_day=date(2028, 2, 29), times=1, patient_id=new_id())
    assert news.unpacked(packed(told)) == told
