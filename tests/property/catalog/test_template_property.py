# SPDX-License-Identifier: Apache-2.0
"""Versions of a template by their algebra: what comes later never changes what held before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from openinfusion.catalog.domain.template import in_force

DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))


@dataclass(frozen=True)
class Dated:
    effective_from: date
    status: str


VERSIONS = st.lists(st.builds(Dated, DAYS, st.sampled_from(["signed", "unverified", "sourced"])), min_size=1, max_size=6,
                    unique_by=lambda v: v.effective_from)


@given(VERSIONS, DAYS, st.integers(0, 500))
def test_a_version_signed_for_a_later_day_changes_nothing_before_it(versions: list[Dated], on: date, later: int) -> None:
    first = min(v.effective_from for v in versions)
    new = Dated(max(on, first) + timedelta(days=1 + later), "signed")
    assert in_force([*versions, new], on) == in_force(versions, on)


@given(VERSIONS, DAYS, DAYS)
def test_what_comes_on_file_never_takes_the_place_of_what_is_signed(versions: list[Dated], on: date, begins: date) -> None:
    held = in_force(versions, on)
    assert held is not None
    if held.status == "signed" and held.effective_from <= on:
        assert in_force([*versions, Dated(begins, "unverified")], on) == held


@given(VERSIONS, DAYS)
def test_the_order_of_the_versions_does_not_matter(versions: list[Dated], on: date) -> None:
    assert in_force(list(reversed(versions)), on) == in_force(versions, on)
