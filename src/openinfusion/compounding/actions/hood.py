# SPDX-License-Identifier: Apache-2.0
"""Steps at the hood: lay them out, do them one after the other, have another person look."""
from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from openinfusion.compounding import permissions
from openinfusion.compounding.actions.hood_turn import take_turn
from openinfusion.compounding.actions.opened import carry, lock_with_openers, open_container
from openinfusion.compounding.actions.report import add_report
from openinfusion.compounding.actions.scan import Shelf, readable
from openinfusion.compounding.domain.bench import Judged, StepReport, done_when, judge_step, look_reasons, step_reasons
from openinfusion.compounding.domain.bench_plan import bench_steps
from openinfusion.compounding.domain.bench_report import ReportKind
from openinfusion.compounding.domain.bench_step import Proof
from openinfusion.compounding.models import BenchStep, StepDone, StepLook, WorkOrder
from openinfusion.compounding.queries import StepFact, bench_work, progress_of, steps_of
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.files import store
from openinfusion.platform.journal import write

_PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n": "image/png"}
MOST_PHOTO_BYTES = 3_000_000


def lay_out(row: WorkOrder) -> int:
    """Write down the steps of a work order that goes into the hood; how many."""
    steps = bench_steps(*bench_work(row))
    BenchStep.objects.bulk_create(BenchStep(work_order=row, **asdict(s)) for s in steps)
    return len(steps)


@action
def record_steps(*, work_order_id: UUID, reports: Sequence[StepReport], by: Actor) -> dict[str, Any]:
    """Do the next steps, one after the other. It ends early where one waits for another person or stops the work.

    Answers how many steps stand now, which is next, which waits and what stops the work. Refused for steps out of order
    and while another person has the hood.
    """
    by.must(permissions.COMPOUND)
    if not reports:
        raise Malformed(Fault("reports", "say which step was done"))
    row = lock_with_openers(work_order_id, [r.code for r in reports])
    if row.state == "in_compounding" and row.compounded_by == by.id:
        take_turn(row, by)  # again, for one who left the hood in between
    bench = _Bench(row, by)
    for report in reports:
        if bench.take(report):
            break
    return bench.told()


class _Bench:
    """One work order while its steps are taken."""

    def __init__(self, row: WorkOrder, by: Actor) -> None:
        self.row, self.by = row, by
        self.steps = steps_of(row.id)
        self.progress = progress_of(row, self.steps)
        self.shelf = Shelf.of(row, self.steps)
        self.done: list[StepDone] = []
        self.stop: tuple[str, str, UUID, str] | None = None
        self.done_count, self.waiting = self.progress.done, 0

    def take(self, report: StepReport) -> bool:
        """Take one step; whether the work cannot go on after it."""
        place = self.done_count + 1
        at = self.progress if not self.done else type(self.progress)(
            self.progress.steps, self.progress.compounder, self.progress.in_hood, self.done_count)
        if against := step_reasons(at, report.place, self.by.id):
            raise Refused(*against)
        fact = self.steps[place - 1]
        scanned = readable(self.shelf, fact.step, report.code, keyed=report.keyed) if _is_scanned(fact, report) else None
        judged = judge_step(fact.step, report, scanned)
        if judged.stop:
            self.stop = (judged.stop_kind, judged.stop, fact.id, report.code)
            return True
        done = StepDone(
            work_order=self.row, step_id=fact.id, place=place, done_at=done_when(report, now()),
            done_by=self.by.id, doer_name=self.by.name, code=report.code.strip()[:200], keyed=report.keyed,
            volume_ml=report.volume_ml or (None if scanned else fact.step.volume_ml), weight_g=report.weight_g,
            photo_id=_photo(report.photo, self.row, place, self.by) if report.photo else None, look=judged.look,
            note=report.note.strip()[:500],
        )
        if scanned is not None:
            self._take_package(done, fact, scanned.lot_id, scanned.lot, scanned.opened_id)
        self.done.append(done)
        return self._counted(judged)

    def _counted(self, judged: Judged) -> bool:
        if judged.look:
            self.waiting = self.done_count + 1
            return True
        self.done_count += 1
        return False

    def _take_package(self, done: StepDone, fact: StepFact, lot_id: UUID | None, lot: str, opened_id: UUID | None) -> None:
        done.lot_id, done.lot_number, done.opened_id = lot_id, lot, opened_id
        if opened_id is not None:
            carry(opened_id, self.row, fact.step, self.by)
        elif lot_id is not None:
            self.shelf.take(lot_id, fact.step.count)
            open_container(self.row, fact.step, self.shelf.lot(lot_id), done.done_at, self.by)

    def told(self) -> dict[str, Any]:
        StepDone.objects.bulk_create(self.done)
        if self.done:
            last = self.steps[self.done[-1].place - 1].step
            more = f" (steps {self.done[0].place} to {self.done[-1].place})" if len(self.done) > 1 else ""
            write(self.by, "compounding.step.done", self.row, "{actor} at the hood, {subject}: {text}{more}", noted={
                "text": last.text, "more": more, "steps": [_noted(d) for d in self.done]})
        if self.stop:
            kind, text, step_id, code = self.stop
            add_report(self.row, ReportKind(kind), text, self.by, step_id=step_id, code=code, stops=True)
        return {"done": self.done_count, "of": len(self.steps), "waiting": self.waiting,
                "look": self.done[-1].look if self.waiting else "", "stopped": self.stop[1] if self.stop else ""}


def _is_scanned(fact: StepFact, report: StepReport) -> bool:
    return fact.step.asks is Proof.SCAN and bool(report.code.strip())


def _noted(d: StepDone) -> dict[str, object]:
    said = {"place": d.place, "lot": d.lot_number, "keyed": d.keyed, "mL": d.volume_ml, "g": d.weight_g, "look": d.look}
    return {k: v for k, v in said.items() if v not in (None, "", False)}


def _photo(data: bytes, row: WorkOrder, place: int, by: Actor) -> UUID:
    """Keep a picture; Malformed for what is none, or too large."""
    kind = next((media for start, media in _PICTURES.items() if data.startswith(start)), "")
    if not kind or len(data) > MOST_PHOTO_BYTES:
        raise Malformed(Fault("photo", "a picture is a JPEG or PNG of at most 3 MB"))
    name = f"{row.number}-{place}-{hashlib.sha256(data).hexdigest()[:8]}.{kind[6:].replace('jpeg', 'jpg')}"
    return store(name, data, kind, by)


@action
def look_at_step(*, work_order_id: UUID, accepted: bool, by: Actor, note: str = "", place: int | None = None) -> UUID:
    """The second person's look at the step that waits. Refused by them, it is done anew and kept as a near miss.

    ``place`` is the step that was looked at; Refused if another one waits by now.
    """
    by.must(permissions.CHECK)
    row = lock(WorkOrder, work_order_id)
    fact = next((s for s in steps_of(row.id) if s.waits), None)
    if fact is None or fact.done is None or (place is not None and fact.step.place != place):
        raise Refused(Reason("nothing-waits", "no such step waits for another person", "open the page anew"))
    if against := look_reasons(fact.done.by, by.id, looked=False):
        raise Refused(*against)
    if not accepted and not note.strip():
        raise Malformed(Fault("note", "say what is wrong with it"))
    look = StepLook(done_id=fact.done.id, done_by=fact.done.by, looked_by=by.id, looker_name=by.name, accepted=accepted,
                    note=note.strip()[:500])
    look.save(force_insert=True)
    how = "accepted" if accepted else "refused"
    write(by, f"compounding.step.{how}", row, "{actor} looked at step {place} of {subject} and {how} it: {text}",
          reason=note, noted={"place": fact.step.place, "how": how, "text": fact.step.text})
    if not accepted:
        text = f"step {fact.step.place} was refused by {by.name}: {note.strip()}"
        add_report(row, ReportKind.LOOK_REFUSED, text, by, step_id=fact.id, stops=True)
    return look.id
