# SPDX-License-Identifier: Apache-2.0
"""The vial choice equals trying every combination: waste, then vials, then cost, then different lots, within the stock."""

from __future__ import annotations

import itertools
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from openinfusion.calculations.domain.bench.vial import Vial, choose_vials, nearest_vials
from openinfusion.kernel.refusal import Refused

offers = st.lists(
    st.tuples(st.sampled_from([5, 10, 15, 20, 25, 35, 40, 60]), st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=4
)
needs = st.integers(1, 300)


def every(need: int, offer: list[tuple[int, int, int]]) -> list[tuple[int, tuple[int, ...]]]:
    """Total and counts of every combination of what is on the shelf. Written differently on purpose."""
    return [
        (sum(n * holds for n, (holds, _, _) in zip(counts, offer, strict=True)), counts)
        for counts in itertools.product(*(range(free + 1) for _, free, _ in offer))
    ]


def key(counts: tuple[int, ...], offer: list[tuple[int, int, int]]) -> tuple[int, int, int]:
    cost = sum(n * cost for n, (_, _, cost) in zip(counts, offer, strict=True))
    return sum(counts), cost, sum(1 for n in counts if n)


def vials(offer: list[tuple[int, int, int]]) -> list[Vial]:
    return [Vial(Decimal(holds) / 2, free, Decimal(cost) / 10) for holds, free, cost in offer]


@settings(max_examples=400)
@given(needs, offers)
def test_no_combination_on_the_shelf_is_better(need: int, offer: list[tuple[int, int, int]]) -> None:
    covering = [(total - need, *key(counts, offer)) for total, counts in every(need, offer) if total >= need]
    try:
        found = choose_vials(Decimal(need) / 2, vials(offer))
    except Refused as no:
        assert not covering and no.reasons[0].code in ("short-stock", "no-product")
        return
    assert (int(found.total * 2) - need, *key(found.counts, offer)) == min(covering)
    assert found.total == sum(n * v.holds for n, v in zip(found.counts, vials(offer), strict=True))


@settings(max_examples=300)
@given(needs, offers.filter(lambda o: any(free for _, free, _ in o)), st.sampled_from(["0", "0.05", "0.1", "0.3"]))
def test_rounding_takes_the_nearest_whole_vials_within_its_share(
    need: int, offer: list[tuple[int, int, int]], share: str
) -> None:
    near = [
        (abs(total - need), total < need, *key(counts, offer))
        for total, counts in every(need, offer)
        if total and abs(total - need) <= need * Decimal(share)
    ]
    found = nearest_vials(Decimal(need) / 2, vials(offer), Decimal(share))
    if found is None:
        assert not near
        return
    total = int(found.total * 2)
    assert (abs(total - need), total < need, *key(found.counts, offer)) == min(near)


@given(
    st.integers(1, 4000),
    st.lists(st.sampled_from([40, 50, 100, 120, 150, 240, 350, 420, 500]), min_size=1, max_size=4, unique=True),
)
def test_without_a_bound_the_least_total_is_that_of_a_reachability_table(need: int, sizes: list[int]) -> None:
    reachable = [True] + [False] * (need + max(sizes))
    for total in range(1, len(reachable)):
        reachable[total] = any(total >= s and reachable[total - s] for s in sizes)
    found = choose_vials(Decimal(need), [Vial(Decimal(s)) for s in sizes])
    assert found.total == next(t for t in range(need, len(reachable)) if reachable[t])


@given(
    st.integers(1, 500),
    st.lists(st.integers(1, 60), min_size=1, max_size=3, unique=True),
    st.sampled_from(["0.1", "2.5", "1000"]),
)
def test_another_unit_changes_nothing(need: int, sizes: list[int], factor: str) -> None:
    one = choose_vials(Decimal(need), [Vial(Decimal(s)) for s in sizes])
    other = choose_vials(need * Decimal(factor), [Vial(s * Decimal(factor)) for s in sizes])
    assert other.counts == one.counts and other.total == one.total * Decimal(factor)
