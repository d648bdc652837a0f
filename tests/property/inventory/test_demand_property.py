"""More stock never asks for more, longer lead times never for less; explosion never exceeds the plan."""
from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from openinfusion.inventory.domain.abc import classes
from openinfusion.inventory.domain.demand import Course, Rates, Rest, Stand, explode, propose
from openinfusion.kernel.money import Money

D = Decimal
courses = st.lists(st.builds(Course, st.integers(1, 9).map(D), st.lists(st.integers(0, 40), max_size=20).map(tuple)), max_size=6)
rates = st.builds(Rates, st.decimals("0", "0.05", places=4), st.decimals("0.5", "1", places=2), st.decimals("0", "2", places=2), st.decimals("0", "3", places=2))
rest = st.builds(Rest, st.integers(0, 30).map(D), st.integers(0, 9).map(D))


@given(courses, rates, st.integers(0, 28))
def test_what_is_expected_is_no_more_than_planned_and_grows_with_time(found: list[Course], r: Rates, days: int) -> None:
    now, later = explode(found, r, days), explode(found, r, days + 7)
    assert 0 <= now.expected <= now.planned + D("0.01") and now.new_starts >= 0
    assert later.total >= now.total and later.planned >= now.planned


@given(courses, rates, rest, st.integers(0, 200), st.integers(1, 14), st.integers(1, 10))
def test_more_on_the_shelf_never_orders_more(found: list[Course], r: Rates, other: Rest, free: int, lead: int, pack: int) -> None:
    def order(free: int, lead: int) -> Decimal:
        return propose(Stand(D(free), D(0), None, lead, pack), explode(found, r, lead), explode(found, r, lead + 7), other).order
    assert order(free + 5, lead) <= order(free, lead)
    assert order(free, lead) % pack == 0


@given(st.dictionaries(st.integers(), st.integers(0, 10**6).map(Money), max_size=20))
def test_a_dearer_product_is_never_of_a_lower_class(used: dict[int, Money]) -> None:
    found = classes(used)
    ranked = sorted(used, key=lambda k: -used[k].cents)
    assert [found[k] for k in ranked] == sorted(found.values())
