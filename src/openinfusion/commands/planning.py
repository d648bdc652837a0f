# SPDX-License-Identifier: Apache-2.0
"""The plan command: a problem file in, a checked plan out."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.planning.public import (
    Effort,
    ProblemFile,
    RoutePlan,
    plan_document,
    plan_routes,
    read_problem,
    route_faults,
    said_of,
)

PLACED, LEFT_OUT, FAULTY = 0, 4, 5  # exit codes


def solved(
    path: Path, seconds: float, seed: int, engine: str, road_server: str, cores: int = 1
) -> tuple[ProblemFile, RoutePlan, dict[str, Any]]:
    """The file, its plan, and both as a document with the check's verdict."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Malformed(Fault(path.name, "is not text in UTF-8")) from None
    file = read_problem(text, road_server)
    plan = plan_routes(file.problem, Effort(seconds, seed, engine, cores=cores))
    document = plan_document(file.problem, plan, route_faults(file.problem, plan), file.first, file.zone)
    document |= {"file": path.name, "kind": file.kind, "seed": seed, "ways": file.ways, "approximate": file.approximate}
    document["cost"]["published"] = str(Decimal(plan.cost.total) / file.divisor)
    return file, plan, document


def exit_code(document: dict[str, Any]) -> int:
    """0: everything is placed and the check agrees; 4: something is left out; 5: the check found a fault."""
    if not document["check"]["passed"]:
        return FAULTY
    return LEFT_OUT if document["unplaced"] else PLACED


def show(file: ProblemFile, plan: RoutePlan, document: dict[str, Any], console: Console) -> None:
    """A plan for people."""
    table = Table("shift", "leaves", "returns", "visits", title=f"{file.problem.name or document['file']} ({file.kind})")
    for route in plan.routes:
        visits = ", ".join(f"{c.visit} {_when(file, c.starts)}" for c in route.calls)
        table.add_row(route.shift, _when(file, route.leaves), _when(file, route.returns), visits)
    console.print(table)
    console.print(f"Cost {document['cost']['published']} by {plan.method}. {plan.note}".strip())
    if file.approximate:
        console.print("Some places are ZIP centroids: their ways are approximate.")
    for out in document["unplaced"]:
        ways = "; ".join(w["text"] for w in out["ways"]) or "no single change would place it"
        console.print(f"[yellow]Not placed[/yellow]: {out['visit']} ({', '.join(out['reasons'])}). Possible: {ways}.")
    verdict = "[green]agrees[/green]" if document["check"]["passed"] else "[red]found faults[/red]"
    console.print(f"The separate check {verdict}. {'; '.join(document['check']['faults'])}".strip())


def _when(file: ProblemFile, ticks: int) -> str:
    if file.first and file.zone:
        text = said_of(ticks, file.first, file.zone)
        return text[11:] if text.startswith(file.first.isoformat()) else text
    return str((Decimal(ticks) / file.problem.ticks).quantize(Decimal("0.1")))
