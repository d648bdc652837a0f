# SPDX-License-Identifier: Apache-2.0
"""Random walks at the hood: whatever three people try in whatever order, steps stand in order and nobody looks at their own."""
from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from openinfusion.compounding.domain.bench import Progress, Scanned, StepReport, judge_step, look_reasons, step_reasons
from openinfusion.compounding.domain.bench_plan import BenchLine, Handling, bench_steps
from openinfusion.compounding.domain.bench_step import BenchStep, Proof
from openinfusion.compounding.domain.second_look import Concern
from openinfusion.compounding.domain.work_order import WorkOrderFacts, every_step_is_done

PEOPLE = [UUID(int=n) for n in (1, 2, 3)]
ME = PEOPLE[0]
LINES = st.lists(
    st.builds(
        BenchLine, id=st.uuids(), role=st.just("drug"), product_id=st.uuids(), name=st.sampled_from(["a vial", "b vial"]),
        packages=st.integers(1, 4), used_share=st.decimals("0.05", "1", places=3), package_ml=st.decimals("1", "100", places=1),
        reconstitute_ml=st.sampled_from([Decimal(0), Decimal(10)]),
    ), min_size=1, max_size=3,
)
HOW = st.builds(
    Handling, method=st.just("compound"), container=st.sampled_from(["bag", "elastomeric", "syringe"]), final_volume_ml=st.just(Decimal(250)),
    doses=st.integers(1, 5), weighed=st.booleans(), gravity=st.just(Decimal("1.01")),
    concern=st.builds(Concern, hazardous=st.booleans(), paediatric=st.booleans()),
)
TRIES = st.lists(st.tuples(st.sampled_from(["do", "skip", "look", "refuse", "seen"]), st.sampled_from(PEOPLE), st.sampled_from(["right", "wrong", "keyed", "heavy"])), min_size=20, max_size=120)


@dataclass
class Walk:
    """A bench as its rules leave it."""

    steps: tuple[BenchStep, ...]
    at: Progress
    log: list[tuple[int, UUID]] = field(default_factory=list)
    waiting_of: UUID | None = None

    def attempt(self, verb: str, who: UUID, how: str) -> None:
        if verb in ("do", "skip"):
            self.do(self.at.next + (verb == "skip"), who, how)
        elif verb in ("look", "refuse") and self.at.waiting and self.waiting_of is not None:
            if look_reasons(self.waiting_of, who, looked=False):
                assert who == self.waiting_of
                return
            assert who != self.waiting_of
            stands = verb == "look"
            if stands:
                self.log.append((self.at.waiting, self.waiting_of))
            self.at = replace(self.at, waiting=0, done=self.at.done + stands, stopped="" if stands else "refused")
        elif verb == "seen":
            self.at = replace(self.at, stopped="")

    def do(self, place: int, who: UUID, how: str) -> None:
        if step_reasons(self.at, place, who):
            return
        assert who == ME and not self.at.stopped and not self.at.waiting
        step = self.steps[place - 1]
        product = uuid4() if how == "wrong" else step.product_id
        scanned = Scanned(product, "x", uuid4(), "L", 9) if step.asks is Proof.SCAN and product else None
        weight = (step.expected_g * 2 if how == "heavy" else step.expected_g) if step.expected_g else None
        report = StepReport(place=place, code="x", keyed=how == "keyed", weight_g=weight, photo=b"x")
        judged = judge_step(step, report, scanned)
        if judged.stop:
            self.at = replace(self.at, stopped=judged.stop)
        elif judged.look:
            self.at, self.waiting_of = replace(self.at, waiting=place), who
        else:
            self.log.append((place, who))
            self.at = replace(self.at, done=self.at.done + 1)


@given(LINES, HOW, TRIES)
def test_steps_stand_in_order_by_one_person_and_nobody_passes_their_own(lines: list[BenchLine], how: Handling, tries: list[Any]) -> None:
    steps = bench_steps(lines, how)
    walk = Walk(steps, Progress(len(steps), ME, True))
    for verb, who, way in tries:
        walk.attempt(verb, who, way)
        undone = tuple(s.text for s in steps[walk.at.done:])
        assert (every_step_is_done(WorkOrderFacts(actor=ME, undone=undone)) is None) is (walk.at.done == len(steps))
    assert [place for place, _ in walk.log] == list(range(1, walk.at.done + 1))
    assert {who for _, who in walk.log} <= {ME}


@given(LINES, HOW)
def test_every_package_is_scanned_once_and_what_is_drawn_is_what_was_meant_for_use(lines: list[BenchLine], how: Handling) -> None:
    steps = bench_steps(lines, how)
    scanned = [s for s in steps if s.asks is Proof.SCAN]
    assert len(scanned) == sum(x.packages for x in lines)
    meant = sum((x.used_ml for x in lines), Decimal(0))
    opened = sum((s.volume_ml or Decimal(0) for s in scanned), Decimal(0))
    drawn = sum((s.volume_ml or Decimal(0) for s in steps if s.kind.value == "draw"), Decimal(0))
    slack = Decimal("0.02") * (len(lines) + how.doses * 2)
    assert abs(opened - meant) <= slack and abs(drawn - meant) <= slack
    assert all(s.volume_ml is None or s.volume_ml > 0 for s in steps if s.kind.value == "draw")
