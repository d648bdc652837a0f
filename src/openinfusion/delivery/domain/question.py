# SPDX-License-Identifier: Apache-2.0
"""The questions of the pre-delivery call, by class of therapy: dated, sourced rows; and whom an answer must come to."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from openinfusion.kernel.figures import rows
from openinfusion.kernel.refusal import Fault, Malformed, Reason
from openinfusion.kernel.standing import Source, Standing


class Answer(StrEnum):
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``raised``: the answer that somebody of ``role`` must look at before the delivery goes."""

    code: str
    text: str
    classes: frozenset[str]
    raised: Answer
    role: str
    source: Source

    def is_for(self, therapy_class: str) -> bool:
        return "all" in self.classes or therapy_class in self.classes


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, and the words that came with it."""

    code: str
    answer: Answer
    words: str = ""


@cache
def _every() -> tuple[Question, ...]:
    return tuple(
        Question(r["code"], r["text"], frozenset(r["classes"]), Answer(r["raised"]), r["role"],
                 Source(r["source"], r["effective_from"], Standing(r["status"])))
        for r in rows(__package__, "data/refill_questions.toml")
    )


def questions_for(therapy_class: str) -> tuple[Question, ...]:
    """What is asked before a delivery of this class of therapy, in the order it is asked."""
    return tuple(q for q in _every() if q.is_for(therapy_class))


def question(code: str) -> Question:
    """One question; Malformed where there is none of this code."""
    for q in _every():
        if q.code == code:
            return q
    raise Malformed(Fault("said", f"there is no question “{code}”"))


def nothing_new(therapy_class: str) -> tuple[Said, ...]:
    """Every question of a class answered with what raises nothing: the call where all is well."""
    return tuple(Said(q.code, Answer.NO if q.raised is Answer.YES else Answer.YES) for q in questions_for(therapy_class))


def not_asked(said: Iterable[Said], therapy_class: str) -> Reason | None:
    """Against confirming while questions of the class are open."""
    given = {s.code for s in said}
    missing = [q.text for q in questions_for(therapy_class) if q.code not in given]
    if not missing:
        return None
    more = f" and {len(missing) - 2} more" if len(missing) > 2 else ""
    return Reason("not-asked", f"not asked yet: {' '.join(missing[:2])}{more}", "ask, and write the answers down")
