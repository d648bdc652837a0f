# SPDX-License-Identifier: Apache-2.0
"""Whatever the history, nobody is let in who failed last, or who never had the row of passes the first time needs."""
from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from openinfusion.team.domain.competency import latest_of, reasons_against, requirements

D = date(2026, 1, 1)
WANTED = [r for r in requirements() if r.task == "sterile_compounding"]
RESULTS = st.lists(st.booleans(), min_size=1, max_size=12)


def longest(results: list[bool]) -> int:
    return max((len(run) for run in "".join("p" if r else "f" for r in results).split("f")), default=0)


@settings(max_examples=200)
@given(st.fixed_dictionaries({r.element: RESULTS for r in WANTED}), st.integers(0, 400))
def test_only_a_full_and_lasting_pass_lets_in(histories: dict[str, list[bool]], days: int) -> None:
    rows = {e: [(D + timedelta(days=n), r) for n, r in enumerate(results)] for e, results in histories.items()}
    on = D + timedelta(days=days)
    reasons = reasons_against("sterile_compounding", [latest_of(e, r) for e, r in rows.items()], on, "Tam")
    if not reasons:
        for want in WANTED:
            assert histories[want.element][-1] and longest(histories[want.element]) >= want.first_passes
            assert (on - rows[want.element][-1][0]).days <= want.months * 31
    assert len(reasons) <= len(WANTED)
