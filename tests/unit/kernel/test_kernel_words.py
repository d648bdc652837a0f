# SPDX-License-Identifier: Apache-2.0
"""The kernel's words mean what they say."""
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

import pytest

from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.money import Money, total
from openinfusion.kernel.quantity import (
    EACH,
    HOUR,
    MCG,
    MEQ,
    MG,
    MINUTE,
    ML,
    UNITS,
    G,
    L,
    Quantity,
    Rounding,
    UnitMismatch,
    parse_decimal,
    rounded,
    shown_number,
    unit,
)
from openinfusion.kernel.refusal import Malformed, Reason, Refused
from openinfusion.kernel.span import DaySpan, Span


def q(text: str, u=MG) -> Quantity:
    return Quantity(Decimal(text), u)


def test_grams_become_milligrams_and_equal_them() -> None:
    assert q("2", G).to(MG).amount == 2000
    assert q("2", G) == q("2000") and hash(q("2", G)) == hash(q("2000"))
    assert q("1", L) == q("1000", ML) and q("90", MINUTE) == q("1.5", HOUR)


@pytest.mark.parametrize("other", [ML, UNITS, MEQ, EACH])
def test_mass_never_becomes_another_dimension(other) -> None:
    with pytest.raises(UnitMismatch):
        q("1").to(other)
    assert q("1") != Quantity(Decimal(1), other)


@pytest.mark.parametrize("amount", [1.5, 1, Decimal("NaN"), Decimal("Infinity")])
def test_only_finite_decimals_are_amounts(amount) -> None:
    with pytest.raises((TypeError, ValueError)):
        Quantity(amount, MG)


@pytest.mark.parametrize("text", ["1_000", "1e3", "٣", ".5", "5.", "+5", "", " ", "1,5", "NaN", "1234567890"])
def test_only_plain_numbers_are_read(text: str) -> None:
    with pytest.raises(Malformed):
        parse_decimal(text)


@pytest.mark.parametrize(("amount", "shown"), [("0.5", "0.5"), ("2.0", "2"), ("1250", "1,250"), ("1000000.50", "1,000,000.5"), ("-1250", "-1,250"), ("0.0100", "0.01")])
def test_numbers_are_printed_as_ismp_wants(amount: str, shown: str) -> None:
    assert shown_number(Decimal(amount)) == shown


def test_mcg_and_units_are_printed_safely_and_read_by_any_name() -> None:
    assert (str(MCG), str(UNITS)) == ("mcg", "units")
    assert unit("ug") is MCG and unit("MCG") is MCG and unit("[iU]") is UNITS
    with pytest.raises(Malformed):
        unit("furlong")


def test_rounding_names_its_policy() -> None:
    assert rounded(Decimal("2.5"), Decimal(1)) == 3
    assert rounded(Decimal("2.1"), Decimal("0.5"), Rounding.UP) == Decimal("2.5")
    assert rounded(Decimal("2.9"), Decimal(1), Rounding.DOWN) == 2


def test_money_refuses_floats_and_fractions_of_a_cent() -> None:
    assert Money.of("12.30") + Money(70) == Money(1300) and str(Money(-123456)) == "-$1,234.56"
    assert total([Money(1), Money(2)]) == Money(3)
    with pytest.raises(TypeError):
        Money.of(1.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        Money.of("0.001")
    assert Money.rounded(Decimal("0.005")) == Money(1)


def test_spans_are_half_open_and_days_inclusive() -> None:
    t = datetime(2026, 11, 1, tzinfo=UTC)
    s = Span(t, t + timedelta(hours=1))
    assert t in s and t + timedelta(hours=1) not in s
    assert not s.overlaps(Span(t + timedelta(hours=1))) and s.overlaps(Span(t))
    assert len(DaySpan(date(2026, 2, 27), date(2026, 3, 2))) == 4
    with pytest.raises(ValueError):
        Span(datetime(2026, 1, 1))


class Light(StrEnum):
    RED = "red"
    GREEN = "green"


def green(go: bool) -> Reason | None:
    return None if go else Reason("wait", "somebody is crossing")


MACHINE = Machine("t.light", Light.RED, (Step("go", Light.RED, Light.GREEN, "t.light.go", "Go", "{actor} went.", (green,), needs_reason=True, sign="seen"),), owners={Light.RED: "nurse", Light.GREEN: ""})


def test_a_refusal_carries_every_reason() -> None:
    with pytest.raises(Refused) as no:
        MACHINE.advance(Light.RED, "go", False, frozenset())
    assert [r.code for r in no.value.reasons] == ["not-permitted", "wait", "reason-missing", "signature-missing"]
    with pytest.raises(Refused) as no:
        MACHINE.advance(Light.GREEN, "go", True, frozenset({"t.light.go"}))
    assert no.value.reasons[0].code == "no-such-step"


def test_a_step_goes_when_nothing_is_against_it() -> None:
    step = MACHINE.advance(Light.RED, "go", True, frozenset({"t.light.go"}), reason="green", signed=True)
    assert step.target is Light.GREEN and MACHINE.terminal == {Light.GREEN} and MACHINE.arrows() == {("red", "green")}
    assert "red --> green: go" in MACHINE.mermaid()


def test_a_machine_needs_an_owner_for_every_state() -> None:
    with pytest.raises(ValueError, match="nobody"):
        Machine("t.light", Light.RED, (), owners={Light.RED: ""})
