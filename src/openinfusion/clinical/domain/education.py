# SPDX-License-Identifier: Apache-2.0
"""Teaching with teach-back: a topic counts as learned when the last teaching of it was taught back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from openinfusion.clinical.domain.coded import check, check_code, said
from openinfusion.kernel.refusal import Fault

LEARNED, NOT_YET, AT_VISIT = "teaches_back", "not_yet", "at_visit"


@dataclass(frozen=True, slots=True)
class Taught:
    topic: str
    result: str
    taught_on: date
    order: int = 0  # of several on one day, the later has the higher


def check_teaching(topic: str, method: str, result: str, learner: str, taught_on: date, today: date) -> None:
    """Malformed with every fault."""
    check(
        said("topic", topic, "say what was taught"),
        check_code("teach_method", method, "method"),
        check_code("teach_result", result, "result"),
        said("learner", learner, "say who was taught: the patient, a caregiver"),
        Fault("taught_on", "lies in the future") if taught_on > today else None,
    )


def outstanding(topics: Sequence[str], taught: Iterable[Taught]) -> tuple[str, ...]:
    """The topics of a therapy that nobody has taught back yet, in the order they are taught."""
    newest: dict[str, Taught] = {}
    for one in sorted(taught, key=lambda t: (t.taught_on, t.order)):
        newest[one.topic] = one
    return tuple(t for t in topics if t not in newest or newest[t].result != LEARNED)
