# SPDX-License-Identifier: Apache-2.0
"""Which licence a task needs: by the dated rules, of the state of the site and of the patient's."""

from __future__ import annotations

from datetime import date

import pytest

from openinfusion.team.domain.licence_rule import licence_rules, task_reasons

ON = date(2026, 11, 22)
HELD, LAPSED = date(2027, 1, 1), date(2026, 11, 21)


@pytest.mark.parametrize(("task", "licences", "states", "codes"), [
    ("verify_preparation", [("pharmacist", "IL", HELD)], {"site": "IL"}, []),
    ("verify_preparation", [("pharmacist", "IL", ON)], {"site": "IL"}, []),
    ("verify_preparation", [("pharmacist", "IL", LAPSED), ("pharmacist", "IL", HELD)], {"site": "IL"}, []),
    ("verify_preparation", [("pharmacist", "IL", LAPSED)], {"site": "IL"}, ["licence-expired"]),
    ("verify_preparation", [("pharmacist", "IN", HELD), ("nurse", "IL", HELD)], {"site": "IL"}, ["licence-missing"]),
    ("release_to_bench", [], {"site": "IL"}, ["licence-missing"]),
    ("release_to_bench", [], {"site": ""}, []),
    ("dispense_preparation", [("pharmacist", "IL", HELD)], {"site": "IL", "ship_to": "MO"}, []),
    ("dispense_preparation", [("pharmacist", "IL", HELD), ("pharmacist", "MO", LAPSED)], {"site": "IL", "ship_to": "MO"}, ["licence-expired"]),
    ("dispense_preparation", [("pharmacist", "IL", LAPSED)], {"site": "IL", "ship_to": "IL"}, ["licence-expired"]),
    ("something_else", [], {"site": "IL"}, []),
])
def test_a_task_is_covered_or_says_why_not(task: str, licences: list[tuple[str, str, date]], states: dict[str, str], codes: list[str]) -> None:
    found = task_reasons(task, licences, states, ON, "Pat One")
    assert [r.code for r in found] == codes and all(r.clears and "Pat One" in r.text for r in found)


def test_a_rule_holds_from_its_day() -> None:
    first = min(r.source.effective_from for r in licence_rules())
    assert task_reasons("verify_preparation", [], {"site": "IL"}, first.replace(year=first.year - 1), "Pat One") == []
