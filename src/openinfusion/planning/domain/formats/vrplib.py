# SPDX-License-Identifier: Apache-2.0
"""VRPLIB files with windows: one depot (cut tenths) or several with longest days (rounded thousandths), as PyVRP keeps them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.planning.domain.formats.planar import cut, rounded
from openinfusion.planning.domain.routes.problem import Place, RoutingProblem, Shift, Visit, Window

Sections = dict[str, list[list[str]]]


def read_vrplib(text: str) -> RoutingProblem:
    """The instance of a VRPLIB file with EUC_2D ways."""
    head, sections = _parts(text)
    if head.get("EDGE_WEIGHT_TYPE") != "EUC_2D" or not {"NODE_COORD_SECTION", "DEPOT_SECTION"} <= set(sections):
        raise Malformed(Fault("EDGE_WEIGHT_TYPE", "only EUC_2D with NODE_COORD_SECTION and DEPOT_SECTION is read"))
    try:
        return _problem(head, sections)
    except (KeyError, ValueError, InvalidOperation, IndexError) as no:
        raise Malformed(Fault("", f"a figure is missing or is no number: {no}")) from None


def _parts(text: str) -> tuple[dict[str, str], Sections]:
    head: dict[str, str] = {}
    sections: Sections = {}
    rows: list[list[str]] | None = None
    for line in (one.strip() for one in text.splitlines()):
        if line == "EOF" or not line:
            continue
        if line.endswith("_SECTION"):
            rows = sections.setdefault(line, [])
        elif rows is None or (":" in line and not line[0].isdigit()):
            key, _, value = line.partition(":")
            head[key.strip()] = value.strip()
        else:
            rows.append(line.split())
    return head, sections


def _problem(head: dict[str, str], sections: Sections) -> RoutingProblem:
    depots = [int(r[0]) - 1 for r in sections["DEPOT_SECTION"] if r[0] != "-1"]
    several = len(depots) > 1
    ticks = 1000 if several else 10
    points = [(Decimal(r[1]), Decimal(r[2])) for r in sections["NODE_COORD_SECTION"]]
    ways = rounded(points) if several else cut(points)
    count = len(points)
    demand = [int(r[1]) for r in sections["DEMAND_SECTION"]]
    windows = [(int(r[1]) * ticks, int(r[2]) * ticks) for r in sections["TIME_WINDOW_SECTION"]]
    if "SERVICE_TIME_SECTION" in sections:
        lasts = [int(r[1]) * ticks for r in sections["SERVICE_TIME_SECTION"]]
    else:
        lasts = [0 if n in depots else int(head.get("SERVICE_TIME", "0")) * ticks for n in range(count)]
    visits = tuple(
        Visit(str(n + 1), n, lasts[n], (Window(*windows[n]),), delivers=(demand[n],)) for n in range(count) if n not in depots
    )
    shifts = _shifts(head, sections, depots, windows, ticks, count)
    return RoutingProblem(
        tuple(Place(str(n + 1)) for n in range(count)), ways, ways, shifts, visits, ticks=ticks, name=head.get("NAME", "")
    )


def _shifts(
    head: dict[str, str], sections: Sections, depots: list[int], windows: list[tuple[int, int]], ticks: int, count: int
) -> tuple[Shift, ...]:
    at = [int(r[1]) - 1 for r in sections.get("VEHICLES_DEPOT_SECTION", [])]
    if not at:
        at = [depots[0]] * int(head.get("VEHICLES", count - len(depots)))
    longest = int(head["VEHICLES_MAX_DURATION"]) * ticks if "VEHICLES_MAX_DURATION" in head else None
    capacity = (int(head["CAPACITY"]),)
    return tuple(
        Shift(f"vehicle {n}", f"vehicle {n}", d, d, windows[d][0], windows[d][1], longest=longest, capacity=capacity)
        for n, d in enumerate(at, 1)
    )
