# SPDX-License-Identifier: Apache-2.0
"""A routing problem written as the product's own file, with its ways in it, so that whoever reads it gets the same problem."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from openinfusion.planning.domain.formats.own_routes import FORMAT
from openinfusion.planning.domain.routes.problem import Rest, RoutingProblem, Shift, Visit, Window


def own_document(problem: RoutingProblem, first: date, zone: ZoneInfo) -> dict[str, Any]:
    """The problem as plain values; instants stay minutes since the first midnight. ``read_own`` gives the problem back."""
    return {
        "format": FORMAT, "name": problem.name, "date": first.isoformat(), "zone": str(zone),
        "places": [{"name": p.name, "latitude": p.latitude, "longitude": p.longitude} for p in problem.places],
        "distance": [list(row) for row in problem.distance], "duration": [list(row) for row in problem.duration],
        "shifts": [_shift(problem, s) for s in problem.shifts], "visits": [_visit(problem, v) for v in problem.visits],
        "pairs": [asdict(p) for p in problem.pairs],
        "pins": [{"visit": p.visit, "person": p.person, **({} if p.at is None else {"at": p.at})} for p in problem.pins],
        "today": [asdict(p) for p in problem.today], "prices": asdict(problem.prices),
    }  # fmt: skip


def _shift(problem: RoutingProblem, s: Shift) -> dict[str, Any]:
    return {
        "name": s.name, "person": s.person, "start": problem.places[s.start].name, "end": problem.places[s.end].name,
        "begins": s.begins, "ends": s.ends, "overtime": s.overtime, **({} if s.longest is None else {"longest": s.longest}),
        "skills": sorted(s.skills), "licences": sorted(s.licences), "capacity": list(s.capacity),
        "breaks": [_rest(r) for r in s.rests], "fixed": s.fixed,
    }  # fmt: skip


def _rest(r: Rest) -> dict[str, int]:
    return {"earliest": r.earliest, "latest": r.latest, "lasts": r.lasts}


def _visit(problem: RoutingProblem, v: Visit) -> dict[str, Any]:
    some = {"wished": [_window(w) for w in v.wished] or None, "cold": v.cold, "keep": v.keep}
    return {
        "name": v.name, "place": problem.places[v.place].name, "lasts": v.lasts, "windows": [_window(w) for w in v.windows],
        "skills": sorted(v.skills), "licence": v.licence, "delivers": list(v.delivers), "collects": list(v.collects),
        "prefers": sorted(v.prefers), "barred": sorted(v.barred), "patient": v.patient,
        **{name: value for name, value in some.items() if value is not None},
    }  # fmt: skip


def _window(w: Window) -> list[int]:
    return [w.opens, w.closes]
