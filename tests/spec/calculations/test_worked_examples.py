# SPDX-License-Identifier: Apache-2.0
"""Every worked example of the manual comes out as written."""

from __future__ import annotations

import pytest

from openinfusion.calculations.domain.measure import convert, measure, read_amount
from openinfusion.calculations.public import Example, Result, ask, calculations, examples, examples_of
from openinfusion.kernel.refusal import Refused

ALL = tuple(examples())


@pytest.mark.parametrize("example", ALL, ids=[f"{e.id} {e.calculation}" for e in ALL])
def test_the_example_comes_out(example: Example) -> None:
    if example.refused:
        with pytest.raises(Refused) as no:
            ask(example.calculation, example.given)
        assert example.refused in [reason.code for reason in no.value.reasons]
        return
    worked = ask(example.calculation, example.given).worked
    assert example.expected, "an example without an expectation proves nothing"
    for name, text in example.expected.items():
        result = worked.result(name)
        if not isinstance(result, Result):
            assert result.code == text
            continue
        number, unit = read_amount(text, field=name)
        assert measure(unit or "1").dimensions == measure(result.unit).dimensions, f"{name} is in {result.unit}"
        expected = convert(number, unit or "1", result.unit)
        assert expected is not None
        assert abs(result.exact - expected) <= example.allowance(expected), f"{name}: {result.exact} is not {text}"


@pytest.mark.parametrize("name", [c.name for c in calculations()])
def test_every_calculation_has_a_worked_example(name: str) -> None:
    assert examples_of(name)


def test_no_two_examples_share_an_id_and_a_calculation() -> None:
    keys = [(e.id, e.calculation) for e in ALL]
    assert len(keys) == len(set(keys))
