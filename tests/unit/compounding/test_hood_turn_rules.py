# SPDX-License-Identifier: Apache-2.0
"""Whose hood it is and what is wasted there, as rules: who may leave, hand over, clear, witness."""
from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from openinfusion.compounding.domain.bench_report import ReportKind, opens_incident
from openinfusion.compounding.domain.hood_turn import HOOD_TURN, Turn, TurnFacts, TurnState, turn_reasons
from openinfusion.compounding.domain.hood_waste import HOOD_WASTE, WasteFacts, WasteState, must_be_wastable
from openinfusion.kernel.refusal import Malformed, Reason, Refused

MAY = frozenset({"compounding.preparation.compound", "compounding.hood.clear", "compounding.work_order.check"})
TAM, PAT, HOOD, OTHER = (UUID(int=n) for n in range(4))
AT = datetime(2026, 11, 22, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(("step", "facts", "codes"), [
    ("finish", TurnFacts("Tam"), []),
    ("finish", TurnFacts("Tam", begun=("W1", "W2")), ["still-begun"]),
    ("leave", TurnFacts("Tam", mine=True), []),
    ("leave", TurnFacts("Tam"), ["not-holder"]),
    ("hand_over", TurnFacts("Tam", mine=True, successor_against=(Reason("x", "a", "c"), Reason("y", "b"))), ["x"]),
    ("hand_over", TurnFacts("Tam", mine=True), []),
    ("clear", TurnFacts("Tam"), []),
    ("clear", TurnFacts("Tam", mine=True), ["own-hood"]),
])
def test_how_a_turn_ends(step: str, facts: TurnFacts, codes: list[str]) -> None:
    arrow = HOOD_TURN.step(TurnState.HELD, step)
    assert [r.code for r in HOOD_TURN.reasons(arrow, facts, MAY)] == codes


def test_a_hood_is_refused_by_name_and_time_and_one_person_has_one() -> None:
    held = Turn(UUID(int=9), HOOD, "Hood 1", TAM, "Tam One", AT, 1)
    assert turn_reasons((held,), HOOD, TAM, "America/Chicago") == []
    (taken,) = turn_reasons((held,), HOOD, PAT, "America/Chicago")
    assert taken.text == "Tam One has Hood 1 since 22-Nov-2026 09:12 CST" and "pharmacist clears" in taken.clears
    (other,) = turn_reasons((held,), OTHER, TAM, "America/Chicago")
    assert other.code == "other-hood-held" and turn_reasons((held,), OTHER, PAT, "America/Chicago") == []


def test_who_witnesses_waste_and_what_needs_no_witness() -> None:
    def codes(step: str, facts: WasteFacts) -> list[str]:
        return [r.code for r in HOOD_WASTE.reasons(HOOD_WASTE.step(WasteState.TO_WITNESS, step), facts, MAY)]

    assert codes("witness", WasteFacts(TAM, PAT)) == [] and codes("witness", WasteFacts(TAM, TAM)) == ["own-work"]
    assert codes("record", WasteFacts(TAM, TAM)) == ["needs-witness"]
    assert codes("record", WasteFacts(TAM, TAM, controlled=False)) == []


def test_only_what_stands_closed_is_wasted_and_with_a_reason() -> None:
    must_be_wastable(2, 2, "L1", "dropped")
    with pytest.raises(Malformed):
        must_be_wastable(1, 2, "L1", " ")
    for packages in (0, 3):
        with pytest.raises(Refused):
            must_be_wastable(packages, 2, "L1", "dropped")


def test_a_call_and_an_unstaged_lot_open_no_incident() -> None:
    assert {k for k in ReportKind if not opens_incident(k)} == {ReportKind.CALL, ReportKind.UNSTAGED_LOT, ReportKind.TOO_LITTLE_LEFT}
