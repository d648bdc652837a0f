# SPDX-License-Identifier: Apache-2.0
"""A bag filled by a pump compounder: what it is told, and its result as the steps that it did. A mismatch stops the work."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.compounding import permissions
from openinfusion.compounding.actions.hood import record_steps
from openinfusion.compounding.actions.report import add_report
from openinfusion.compounding.adapters.pump_file import read_pump_result, write_pump_file
from openinfusion.compounding.domain.bench import StepReport, step_reasons
from openinfusion.compounding.domain.bench_report import ReportKind
from openinfusion.compounding.domain.bench_step import StepKind
from openinfusion.compounding.domain.pump_file import PumpLine, PumpResult, pump_mismatches
from openinfusion.compounding.models import WorkOrder
from openinfusion.compounding.queries import StepFact, fetched, ingredients_of, progress_of, steps_of
from openinfusion.kernel.refusal import NotFound, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor


def pump_file(work_order_id: UUID, bag: int) -> str:
    """The file that tells a pump compounder what to deliver into one bag. NotFound for another order than of nutrition."""
    row = fetched(work_order_id)
    lines = _lines(row, steps_of(row.id), bag)
    return write_pump_file(row.number, bag, lines)


@action
def record_pump_result(*, work_order_id: UUID, bag: int, text: str, by: Actor) -> dict[str, Any]:
    """Read what the compounder delivered into a bag: its draws are done by it, each with its volume and weight.

    A file that is not what it was told stops the work and is kept; nothing of the bag is done then.
    """
    by.must(permissions.COMPOUND)
    results = read_pump_result(text)
    row = lock(WorkOrder, work_order_id)
    steps = steps_of(row.id)
    lines = _lines(row, steps, bag)
    progress = progress_of(row, steps)
    if against := step_reasons(progress, lines[0].place, by.id):
        raise Refused(*against)
    if wrong := pump_mismatches(row.number, bag, lines, results, _staged(row)):
        said = f"pump compounder, bag {bag}: {'; '.join(wrong)}"
        add_report(row, ReportKind.PUMP_MISMATCH, said, by, stops=True)
        return {"done": progress.done, "of": progress.steps, "waiting": 0, "look": "", "stopped": said}
    reports = [_report(line, result, steps) for line, result in zip(lines, results, strict=True)]
    return record_steps(work_order_id=work_order_id, reports=reports, by=by)


def _report(line: PumpLine, result: PumpResult, steps: list[StepFact]) -> StepReport:
    """The step that the compounder did. A weight it does not give is that of the volume it delivered, and that is said."""
    step = steps[line.place - 1].step
    weight, note = result.weight_g, f"by pump compounder, lot {result.lot}, {result.volume_ml:f} mL delivered"
    if weight is None and step.expected_g is not None:
        raise Refused(Reason("no-weight", f"{line.name}: this step is weighed and the file gives no weight", "weigh it by hand"))
    return StepReport(place=line.place, weight_g=weight, note=note)


def _lines(row: WorkOrder, steps: list[StepFact], bag: int) -> list[PumpLine]:
    nutrition = {x.id: x for x in ingredients_of(row.id) if x.role == "nutrition"}
    found = [
        PumpLine(place=s.step.place, ndc=catalog.product(s.step.product_id).ndc11, name=s.step.name,
                 volume_ml=s.step.volume_ml, expected_g=s.step.expected_g)
        for s in steps
        if s.step.kind is StepKind.DRAW and s.step.container == bag and s.step.ingredient_id in nutrition
        and s.step.product_id is not None and s.step.volume_ml is not None
    ]
    if not found:
        raise NotFound(f"bag {bag} of nutrition in {row}")
    return found


def _staged(row: WorkOrder) -> dict[str, frozenset[str]]:
    return {
        catalog.product(x.product_id).ndc11: frozenset(u.number.upper() for u in x.lots) for x in ingredients_of(row.id)
    }
