# SPDX-License-Identifier: Apache-2.0
"""Solomon's instances: vehicles, one depot, customers with windows. Ways are cut to tenths; a tick is a tenth."""

from __future__ import annotations

from decimal import Decimal

from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.planning.domain.formats.planar import cut
from openinfusion.planning.domain.routes.problem import Place, RoutingProblem, Shift, Visit, Window

TICKS = 10


def read_solomon(text: str) -> RoutingProblem:
    """The instance of a Solomon text file."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    try:
        at = next(n for n, line in enumerate(lines) if line[0] == "CUSTOMER")
        vehicles, capacity = (int(x) for x in lines[at - 1])
        rows = [[int(x) for x in line] for line in lines[at + 1 :] if line[0].isdigit()]
    except (StopIteration, ValueError, IndexError):
        raise Malformed(Fault("", "is not a Solomon file: a VEHICLE and a CUSTOMER table of whole numbers")) from None
    if not rows or any(len(r) != 7 for r in rows):
        raise Malformed(Fault("CUSTOMER", "each row has seven figures"))
    ways = cut([(Decimal(r[1]), Decimal(r[2])) for r in rows])
    depot = rows[0]
    shifts = tuple(
        Shift(f"vehicle {n}", f"vehicle {n}", 0, 0, depot[4] * TICKS, depot[5] * TICKS, capacity=(capacity,))
        for n in range(1, vehicles + 1)
    )
    visits = tuple(
        Visit(str(r[0]), n, r[6] * TICKS, (Window(r[4] * TICKS, r[5] * TICKS),), delivers=(r[3],))
        for n, r in enumerate(rows) if n
    )  # fmt: skip
    places = tuple(Place(str(r[0])) for r in rows)
    return RoutingProblem(places, ways, ways, shifts, visits, ticks=TICKS, name=lines[0][0])
