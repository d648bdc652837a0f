# SPDX-License-Identifier: Apache-2.0
"""Which kind of file a text is, and the problem it holds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.planning.domain.formats.home_care import read_home_care
from openinfusion.planning.domain.formats.own_routes import Between, Centroid, read_own
from openinfusion.planning.domain.formats.solomon import read_solomon
from openinfusion.planning.domain.formats.vrplib import read_vrplib
from openinfusion.planning.domain.routes.problem import RoutingProblem


@dataclass(frozen=True, slots=True)
class ProblemFile:
    """A problem as read. ``divisor``: points of cost in one unit of the published value. Own files have a day and a zone."""

    kind: str
    problem: RoutingProblem
    divisor: int
    first: date | None = None
    zone: ZoneInfo | None = None
    ways: str = ""
    approximate: bool = False


def read_routes(text: str, centroid: Centroid, between: Between | None = None) -> ProblemFile:
    """The problem of a Solomon, VRPLIB, home-care or own file. Malformed with every fault."""
    start = text.lstrip()[:1]
    if start == "{":
        return _json(text, centroid, between)
    if "NODE_COORD_SECTION" in text:
        problem = read_vrplib(text)
        return ProblemFile("VRPLIB", problem, problem.ticks)
    problem = read_solomon(text)
    return ProblemFile("Solomon", problem, problem.ticks)


def _json(text: str, centroid: Centroid, between: Between | None) -> ProblemFile:
    try:
        document = json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except json.JSONDecodeError as no:
        raise Malformed(Fault("", f"is not JSON: {no}")) from None
    if isinstance(document, dict) and "caregivers" in document:
        problem = read_home_care(document)
        return ProblemFile("home care", problem, 3 * problem.ticks)
    told = read_own(document, centroid, between)
    return ProblemFile("openinfusion", told.problem, 1, told.first, told.zone, told.ways, told.approximate)


def _no_number(text: str) -> Decimal:
    raise Malformed(Fault("", f"{text} is no number"))
