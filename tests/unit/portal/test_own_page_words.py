# SPDX-License-Identifier: Apache-2.0
"""The rules of the patient's own page: tokens, tries, kinds with their clocks, plain words."""
from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from openinfusion.kernel.refusal import Broken, Malformed, Refused
from openinfusion.portal.domain import plain
from openinfusion.portal.domain.figures import whole
from openinfusion.portal.domain.link import (
    LINK,
    LinkFacts,
    LinkState,
    closed,
    digest,
    house_of,
    next_try_at,
    token_of,
)
from openinfusion.portal.domain.request import LONGEST, check_words, due_at, kind, kinds, role_for, signs

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ALL = frozenset({"portal.link.give", "portal.page.use"})


def test_a_token_names_its_house_and_nothing_else_does() -> None:
    house = uuid4()
    token = token_of(house, b"x" * 26)
    assert house_of(token) == house
    for bad in ("", "x", "é", token[:-4], token + "AAAA", "a" * 55, "=" * 8):
        assert house_of(bad) is None
    assert len(digest(token)) == 64 and digest(token) != digest(token_of(house, b"y" * 26))


def test_a_link_is_closed_when_locked_revoked_or_over() -> None:
    later = NOW + timedelta(days=1)
    assert not closed("open", later, NOW)
    assert closed("open", NOW, NOW) and closed("locked", later, NOW) and closed("revoked", later, NOW)


def test_waits_double_and_the_last_try_locks() -> None:
    assert next_try_at(1, NOW) - NOW == timedelta(seconds=5) and next_try_at(4, NOW) - NOW == timedelta(seconds=40)
    with pytest.raises(Refused):
        LINK.advance(LinkState.OPEN, "lock", LinkFacts(4), ALL)
    assert LINK.advance(LinkState.OPEN, "lock", LinkFacts(5), ALL).target is LinkState.LOCKED
    with pytest.raises(Refused):
        LINK.advance(LinkState.REVOKED, "renew", LinkFacts(), ALL)
    assert whole("wrong_tries") == 5  # the database holds the same limit: portal_open_has_tries_left


def test_an_unknown_figure_is_a_fault_of_ours() -> None:
    with pytest.raises(Broken):
        whole("no such figure")


def test_every_kind_has_a_clock_and_a_warning_sign_shortens_it() -> None:
    assert {"symptom", "line", "pump", "supply", "change_delivery", "cancel_visit"} <= set(kinds())
    for of in kinds().values():
        assert due_at(of, False, NOW) == NOW + timedelta(minutes=of.minutes)
        assert due_at(of, True, NOW) <= NOW + timedelta(minutes=15)
    assert role_for(kind("supply"), False) == "warehouse" and role_for(kind("supply"), True) == "pharmacist"
    with pytest.raises(Malformed):
        kind("nothing")


def test_words_are_asked_for_and_bounded() -> None:
    check_words("it hurts", (next(iter(signs())),))
    for words, given in ((" ", ()), ("x" * (LONGEST + 1), ()), ("well", ("no sign",))):
        with pytest.raises(Malformed):
            check_words(words, given)


def test_plain_words() -> None:
    today, zone = date(2026, 11, 22), ZoneInfo("America/Chicago")
    assert plain.kept("refrigerated").startswith("Keep in the refrigerator") and "label" in plain.kept("elsewhere")
    assert [plain.first_name(n) for n in ("Nan Nurse", "NURSE, Nan", "Nan Nurse, RN", "", "NURSE,")] == [
        "Nan", "Nan", "Nan", "", "NURSE"]
    assert plain.day_words(today, today) == "Today" and plain.day_words(today + timedelta(days=1), today) == "Tomorrow"
    assert plain.day_words(date(2026, 11, 30), today) == "Monday, November 30"
    assert [plain.clock_words(t) for t in (time(0), time(9, 5), time(12), time(14, 30))] == ["12 AM", "9:05 AM", "12 PM", "2:30 PM"]
    assert plain.moment_words(NOW, zone, today) == "Today at 6 AM"
    every = plain.home_steps(())
    assert every and set(every) < set(plain.home_steps({"IV", "refrigerated"}))
