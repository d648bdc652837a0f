# SPDX-License-Identifier: Apache-2.0
"""A quote is the sum of its lines, and every code asked for is either priced or named unknown."""
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openinfusion.kernel.money import Money, total
from openinfusion.payers.domain.quote import QuoteLine, quoted

codes = st.sampled_from(["S9500", "J0696", "99601", "J3373"])
lines = st.lists(st.builds(QuoteLine, codes, st.decimals("0", "9999", places=2), st.sampled_from([100, 50, 33])), max_size=8)


@given(lines, st.dictionaries(codes, st.integers(1, 10**7).map(Money)))
def test_a_quote_adds_up_and_forgets_nothing(asked: list[QuoteLine], rates: dict[str, Money]) -> None:
    quote = quoted(asked, rates)
    assert quote.reimbursement == total(line.amount for line in quote.lines)
    assert len(quote.lines) + sum(line.hcpcs in quote.unknown for line in asked) == len(asked)
    assert not set(quote.unknown) & {line.hcpcs for line in quote.lines}
