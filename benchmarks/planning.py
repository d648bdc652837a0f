# SPDX-License-Identifier: Apache-2.0
"""Plans against published best values, and against each solver alone with the same CPU time.

``python -m benchmarks.planning FOLDER [--seconds 10] [--family solomon100] [--every] [--only ours,pyvrp] [--json FILE]``.
FOLDER holds the instances with their ``best_known.csv``. Without ``--every`` a small part of each family is taken. Times are
CPU seconds of this process; VROOM ends by itself, so it takes what its most thorough level takes.
"""

from __future__ import annotations

import csv
import json
import os
import random
import statistics
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import click
from rich.console import Console
from rich.table import Table

from benchmarks.planning_days import bench, suite
from benchmarks.planning_shops import DONE, WAITS, flexible_job_shop, project
from openinfusion.planning.adapters.batch_model import by_cpsat as batch_by_cpsat
from openinfusion.planning.adapters.suite_model import by_cpsat as suite_by_cpsat
from openinfusion.planning.domain.routes.repair import repaired
from openinfusion.planning.public import (
    Effort,
    Happening,
    ProblemFile,
    RoutePlan,
    RoutingProblem,
    due_by_family,
    earliest_due,
    figures,
    first_come,
    plan_batches,
    plan_routes,
    plan_suite,
    read_problem,
    replan_routes,
    route_faults,
    sorted_first,
    timed,
)

FEW = {
    "solomon100": ("R104", "R112", "RC102", "C104", "R202"), "mdvrptw": ("PR11A", "PR17A"), "gh1000": (),
    "hhcrsp_mankowska": ("HCSRP_50_3", "HCSRP_75_3", "HCSRP_100_1", "HCSRP_100_3"),
    "hhcrsp_kummer": ("HHCRSP_50_10", "HHCRSP_100"),
    "hhcrsp_italian": ("instance_020",),
}  # fmt: skip
TIMES = {"solomon100": 1, "mdvrptw": 2, "gh1000": 6, "hhcrsp_mankowska": 2, "hhcrsp_kummer": 2, "hhcrsp_italian": 2}  # × seconds
ENGINES = ("ours", "vroom", "pyvrp", "ortools")
OTHERS = ("sick-call", "steps", "suites", "benches", "fjsp_mk", "rcpsp_j90")
CORES = "ours on every core"  # by the wall's clock; only large days are searched so, others on one core


def home_care_solution(problem: RoutingProblem, plan: RoutePlan) -> dict[str, Any]:
    """A plan of a home-care instance in the words of its authors' validator: every caregiver's services with their minutes."""
    visits, routes = {v.name: v for v in problem.visits}, {r.shift: r.calls for r in plan.routes}
    told = []
    for shift in problem.shifts:
        calls = [(visits[c.visit], c) for c in routes.get(shift.name, ())]
        told.append({"caregiver": shift.name, "locations": [
            {"patient": v.patient, "service": min(v.skills), "arrival_time": c.starts / problem.ticks,
             "departure_time": c.ends / problem.ticks} for v, c in calls
        ]})  # fmt: skip
    return {"routes": told}


def _cpu() -> float:
    """CPU seconds of this process and of those it has waited for."""
    t = os.times()
    return t.user + t.system + t.children_user + t.children_system


def solved(file: ProblemFile, engine: str, seconds: float, solution: Path | None) -> dict[str, Any]:
    """One instance by one engine: cost in the published unit, what is not placed, CPU seconds."""
    begun = _cpu()
    if engine == "ortools":
        from benchmarks.planning_peers import by_ortools

        order = by_ortools(file.problem, seconds)
        if order is None:
            return {"cost": None, "unplaced": len(file.problem.visits), "cpu": _cpu() - begun}
        found = timed(file.problem, order)
        plan = found.plan if not found.miss else timed(file.problem, repaired(file.problem, order)).plan
    elif engine == "pyvrp":
        from benchmarks.planning_peers import pyvrp_loop

        with patch("openinfusion.planning.adapters.pyvrp_routes.annealed", pyvrp_loop):
            plan = plan_routes(file.problem, Effort(seconds, 1, "pyvrp", time.process_time))
    elif engine == CORES:
        plan = plan_routes(file.problem, Effort(seconds, 1, cores=os.cpu_count() or 1))
    else:
        plan = plan_routes(file.problem, Effort(seconds, 1, "auto" if engine == "ours" else engine, time.process_time))
    assert not route_faults(file.problem, plan)
    if solution:
        solution.write_text(json.dumps(home_care_solution(file.problem, plan)))
    return {"cost": plan.cost.total / file.divisor, "unplaced": len(plan.unplaced), "cpu": _cpu() - begun}


def routes(
    folder: Path, family: str, seconds: float, every: bool, engines: tuple[str, ...], solutions: Path | None
) -> list[dict[str, Any]]:
    """Every chosen instance of a family by every engine."""
    rows = []
    for name, known in sorted(listed(folder, family).items()):
        if not every and not any(f in name for f in FEW[family]):
            continue
        file = read_problem((folder / name).read_text())
        for engine in engines:
            kept = solutions / Path(name).name if solutions and engine == "ours" and family.startswith("hhcrsp") else None
            found = solved(file, engine, seconds * TIMES[family], kept)
            placed = found["cost"] is not None and not found["unplaced"]
            gap = round(100 * (found["cost"] / known - 1), 2) if placed else None
            rows.append({"family": family, "instance": Path(name).stem, "engine": engine, "best": known, "gap": gap, **found})
            click.echo(json.dumps(rows[-1]), err=True)
    return rows


def sick_call(folder: Path, seconds: float, spare: bool) -> dict[str, Any]:
    """A hundred visits, the busiest nurse drops out, with or without somebody free: two seconds against planning anew."""
    file = read_problem((folder / "solomon100/R104.txt").read_text())
    problem = replace(file.problem, shifts=file.problem.shifts[:14])
    before = plan_routes(problem, Effort(seconds, 1, "auto", time.process_time))
    if not spare:
        used = {r.shift for r in before.routes}
        problem = replace(problem, shifts=tuple(s for s in problem.shifts if s.name in used))
    busy = max(before.routes, key=lambda r: len(r.calls))
    what = Happening(absent=frozenset([busy.person]), moved=20)
    begun = time.process_time()
    found = replan_routes(problem, before, what, Effort(1.5, 1, "auto", time.process_time))
    took = time.process_time() - begun
    cold = plan_routes(replace(found.what_is_left.problem, today=()), Effort(seconds * 3, 1, "auto", time.process_time))
    way = sum(r.distance for r in found.plan.routes)
    return {
        "spare nurses": len(problem.shifts) - len(before.routes), "visits": len(problem.visits),
        "to cover": len(busy.calls), "CPU s": round(took, 2), "unplaced": len(found.plan.unplaced),
        "others moved": found.difference.others_moved, "others": found.difference.others,
        "way": way / 10, "way before": sum(r.distance for r in before.routes) / 10,
        "way planned anew": sum(r.distance for r in cold.routes) / 10, "anew unplaced": len(cold.unplaced),
    }  # fmt: skip


def steps(folder: Path, seconds: float) -> list[dict[str, Any]]:
    """Steps a second of the order search on a day of a hundred patients, and how many times what the plain decoder decodes."""
    from openinfusion.planning.adapters.order_annealing import annealed

    problem = read_problem((folder / "hhcrsp_mankowska/InstanzVNS_HCSRP_100_7.json").read_text()).problem
    order, _ = annealed(problem, [[]], 0.3, 1)  # compiled by now
    _, tried = annealed(problem, [[]], seconds, 1)
    begun, plain = time.process_time(), 0
    while (took := time.process_time() - begun) < seconds / 2:
        timed(problem, order)
        plain += 1
    found = {"steps a second": round(tried / seconds), "plain decodes a second": round(plain / took, 1)}
    return [found | {"times": round(found["steps a second"] / found["plain decodes a second"])}]


def suites(seconds: float) -> list[dict[str, Any]]:
    """Invented suite days: first come, sorted, ours, and the bound. Seeded, not public data."""
    rows = []
    for patients in (20, 40, 60):
        for seed in (1, 2, 3):
            problem = suite(seed, patients)
            calls = list(range(patients))
            random.Random(seed + 99).shuffle(calls)
            plan = plan_suite(problem, Effort(seconds, 1))
            told = figures(problem, plan)
            lists = first_come(problem, calls), sorted_first(problem)
            rows.append({"patients": patients, "seed": seed, "first come": lists[0].cost, "sorted": lists[1].cost,
                         "ours": plan.cost, "bound": plan.bound, "unplaced": len(plan.unplaced),
                         "mean wait min": told.mean_wait_tenths / 10 * problem.slot, "chair use %": told.chair_use})  # fmt: skip
            click.echo(json.dumps(rows[-1]), err=True)
    return rows


def benches(seconds: float) -> list[dict[str, Any]]:
    """Invented days at the bench, without and with a pharmacist who checks: two lists and ours. Seeded, not public data."""
    rows = []
    for count, checkers in ((40, 0), (80, 0), (150, 0), (40, 1), (80, 2)):
        for seed in (1, 2):
            problem = bench(seed, count, checkers)
            plan = plan_batches(problem, Effort(seconds / 2, 1))
            lists = earliest_due(problem), due_by_family(problem)
            rows.append({"doses": count, "checkers": checkers, "seed": seed, "due first": lists[0].cost,
                         "by family": lists[1].cost, "ours": plan.cost, "bound": plan.bound,
                         "late": plan.late, "late by list": lists[0].late,
                         "change-overs": plan.changes, "unplaced": len(plan.unplaced)})  # fmt: skip
            click.echo(json.dumps(rows[-1]), err=True)
    return rows


def listed(folder: Path, family: str) -> dict[str, float]:
    """The best value known of every instance of a family."""
    with (folder / "best_known.csv").open(encoding="utf-8") as rows:
        return {r["file"]: float(r["best_known"]) for r in csv.DictReader(rows) if r["family"] == family and r["best_known"]}


def compared(family: str, told: dict[str, dict[str, float]], best: dict[str, float]) -> list[dict[str, Any]]:
    """The gaps in percent of every instance by who made the plan, and their means."""
    rows = [{"instance": Path(n).stem, "best": best[n]} | {w: round(100 * (c / best[n] - 1), 2) for w, c in costs.items()}
            for n, costs in told.items()]  # fmt: skip
    means = {who: round(statistics.mean(r[who] for r in rows), 2) for who in list(rows[0])[2:]}
    return [*rows, {"instance": f"mean of {family}", "best": None} | means]


def shops(folder: Path, seconds: float) -> list[dict[str, Any]]:
    """Published job shops as days at the bench, gap in percent: a list, CP-SAT alone, ours; seconds of the wall."""
    best, told = listed(folder, "fjsp_mk"), {}
    for name in sorted(best):
        problem = flexible_job_shop(folder / name)
        plans = {"list": earliest_due(problem), "ours": plan_batches(problem, Effort(seconds, 1))}
        plans["CP-SAT alone"] = batch_by_cpsat(problem, Effort(seconds, 1), plans["list"], seconds)
        told[name] = {who: plan.cost / DONE for who, plan in plans.items()}
        click.echo(json.dumps({name: told[name]}), err=True)
    return compared("fjsp_mk", told, best)


def projects(folder: Path, seconds: float) -> list[dict[str, Any]]:
    """Published projects as suite days, gap in percent: a list, CP-SAT alone, ours; seconds of the wall."""
    best, told = listed(folder, "rcpsp_j90"), {}
    for name in sorted(best):
        problem = project(folder / name)
        plans = {"list": sorted_first(problem), "ours": plan_suite(problem, Effort(seconds, 1))}
        plans["CP-SAT alone"] = suite_by_cpsat(problem, Effort(seconds, 1), plans["list"], seconds)
        told[name] = {who: plan.cost / WAITS for who, plan in plans.items()}
        click.echo(json.dumps({name: told[name]}), err=True)
    return compared("rcpsp_j90", told, best)


def show(console: Console, title: str, rows: list[dict[str, Any]]) -> None:
    table = Table(*rows[0], title=title)
    for row in rows:
        table.add_row(*(f"{v:.2f}" if isinstance(v, float) else str(v) for v in row.values()))
    console.print(table)


def summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Mean, median and worst gap of each family and engine; instances without a whole plan are counted apart."""
    found = []
    for family, engine in dict.fromkeys((r["family"], r["engine"]) for r in rows):
        mine = [r for r in rows if (r["family"], r["engine"]) == (family, engine)]
        gaps = [r["gap"] for r in mine if r["gap"] is not None]
        told = [statistics.mean(gaps), statistics.median(gaps), max(gaps)] if gaps else [None, None, None]
        found.append({"family": family, "engine": engine, "instances": len(mine), "not whole": len(mine) - len(gaps),
                      "mean gap %": told[0], "median": told[1], "worst": told[2],
                      "CPU s": statistics.mean(r["cpu"] for r in mine)})  # fmt: skip
    return found


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--seconds", default=5.0, show_default=True, help="CPU seconds of an instance of a hundred; others get more.")
@click.option("--family", multiple=True, type=click.Choice([*FEW, *OTHERS]), help="Only these.")
@click.option("--every", is_flag=True, help="Every instance, not only a few of each family.")
@click.option("--only", default=",".join(ENGINES), show_default=True, help=f'Which engines; "{CORES}" too.')
@click.option("--solutions", type=click.Path(path_type=Path, exists=True, file_okay=False), default=None,
              help="Folder for our plans of home-care instances, as the authors' validator reads them.")  # fmt: skip
@click.option("--json", "target", type=click.Path(path_type=Path), default=None, help="Also write everything here.")
def main(
    folder: Path, seconds: float, family: tuple[str, ...], every: bool, only: str, solutions: Path | None, target: Path | None
) -> None:
    """Measure."""
    console, chosen, answer = Console(highlight=False, width=150), family or (*FEW, *OTHERS), {}
    rows = [r for f in chosen if f in FEW for r in routes(folder, f, seconds, every, tuple(only.split(",")), solutions)]
    if rows:
        answer["routes"] = rows
        show(console, "Gap to the best value known", rows)
        show(console, "By family", summary(rows))
    if "sick-call" in chosen:
        answer["sick call"] = [sick_call(folder, seconds * 2, spare) for spare in (True, False)]
    if "steps" in chosen:
        answer["steps"] = steps(folder, seconds)
    if "suites" in chosen:
        answer["suites"] = suites(seconds)
    if "benches" in chosen:
        answer["benches"] = benches(seconds)
    if "fjsp_mk" in chosen:
        answer["job shops"] = shops(folder, seconds * 2)
    if "rcpsp_j90" in chosen:
        answer["projects"] = projects(folder, seconds * 2)
    for title in ("sick call", "steps", "suites", "benches", "job shops", "projects"):
        if title in answer:
            show(console, title, answer[title])
    if target:
        target.write_text(json.dumps(answer, indent=1))


if __name__ == "__main__":
    main()
