# SPDX-License-Identifier: Apache-2.0
"""The door of planning: problems, the plans that solve them, the checks of plans, and their reasons.

Routes in five calls: ``plan_routes`` makes a plan, ``route_faults`` checks one (also after a manual move), ``timed`` gives
the times of an order somebody put together by hand, ``why`` says why a visit stands where it does, and ``replan_routes``
mends today's plan and shows the difference. Suite days: ``plan_suite``, ``suite_faults``, ``fills``, ``after_check_in``,
``no_places``. The
bench: ``plan_batches``, ``batch_faults``. Vials: ``plan_vials``. docs/development/planning.md is the manual.
"""

from __future__ import annotations

from openinfusion.planning.adapters.batch_planner import plan_batches
from openinfusion.planning.adapters.effort import Effort
from openinfusion.planning.adapters.road_server import RoadServer
from openinfusion.planning.adapters.route_planner import (
    Replanned,
    installed,
    plan_routes,
    read_problem,
    replan_routes,
)
from openinfusion.planning.adapters.suite_planner import plan_suite
from openinfusion.planning.adapters.warm import warm
from openinfusion.planning.adapters.zip_centroids import centroid, place
from openinfusion.planning.domain.batches.check import faults_of as batch_faults
from openinfusion.planning.domain.batches.plan import BatchPlan, Turn, due_by_family, earliest_due
from openinfusion.planning.domain.batches.problem import (
    BatchPrices,
    BatchProblem,
    Family,
    Preparation,
    Station,
    WorkStep,
    at_hoods,
)
from openinfusion.planning.domain.formats.own_writer import own_document
from openinfusion.planning.domain.formats.problem_file import ProblemFile
from openinfusion.planning.domain.local_time import local_of, minute_of, said_of
from openinfusion.planning.domain.routes.change import Difference, Happening, Shifted, difference_of
from openinfusion.planning.domain.routes.check import faults_of as route_faults
from openinfusion.planning.domain.routes.eligible import barred_reason, hard_reason
from openinfusion.planning.domain.routes.explain import Other, Why, at_hour, tight, why
from openinfusion.planning.domain.routes.kept import plan_of_values, plan_values
from openinfusion.planning.domain.routes.plan import Call, Pause, Route, RouteCost, RoutePlan
from openinfusion.planning.domain.routes.problem import (
    Pair,
    Pin,
    Place,
    Prices,
    Promise,
    Rest,
    RoutingProblem,
    Shift,
    Visit,
    Window,
)
from openinfusion.planning.domain.routes.relax import LeftOut, Relaxation, left_out
from openinfusion.planning.domain.routes.timing import Timed, order_of, timed
from openinfusion.planning.domain.routes.told import plan_document
from openinfusion.planning.domain.suites.booking import after_check_in, fills, first_come, sorted_first
from openinfusion.planning.domain.suites.check import faults_of as suite_faults
from openinfusion.planning.domain.suites.explain import Hour, NoPlace, SeatWhy, Way, no_places, seat_why
from openinfusion.planning.domain.suites.plan import Seat, SuiteFigures, SuitePlan, figures
from openinfusion.planning.domain.suites.problem import Appointment, Means, SuiteNurse, SuitePrices, SuiteProblem
from openinfusion.planning.domain.travel import TravelRow, Ways, line_metres, travel_row, travel_rows, ways_between
from openinfusion.planning.domain.travel_fit import BandMeasured, Errors, Fitted, Measured, fitted
from openinfusion.planning.domain.travel_seen import (
    DayDriven,
    DayNotCounted,
    FitFigures,
    Judged,
    NotCounted,
    WaySeen,
    fit_figures,
    judged,
)
from openinfusion.planning.domain.vial_check import faults_of as vial_faults
from openinfusion.planning.domain.vial_habits import largest_first, one_size
from openinfusion.planning.domain.vial_problem import Dose, Draw, OpenedVial, Partial, VialPlan, VialProblem, VialSize
from openinfusion.planning.domain.vial_solver import plan_vials

__all__ = [
    "Appointment", "BandMeasured", "BatchPlan", "BatchPrices", "BatchProblem", "Call", "DayDriven", "DayNotCounted",
    "Difference", "Dose", "Draw", "Effort", "Errors", "Family", "FitFigures", "Fitted", "Happening", "Hour", "Judged",
    "LeftOut", "Means", "Measured", "NoPlace", "NotCounted", "OpenedVial", "Other", "Pair", "Partial", "Pause", "Pin", "Place",
    "Preparation", "Prices", "ProblemFile", "Promise", "Relaxation", "Replanned", "Rest", "RoadServer", "Route", "RouteCost",
    "RoutePlan", "RoutingProblem", "Seat", "SeatWhy", "Shift", "Shifted", "Station", "SuiteFigures", "SuiteNurse",
    "SuitePlan", "SuitePrices", "SuiteProblem", "Timed", "TravelRow", "Turn", "VialPlan", "VialProblem", "VialSize", "Visit",
    "Way", "WaySeen", "Ways", "Why", "Window", "WorkStep", "after_check_in", "at_hoods", "at_hour", "barred_reason",
    "batch_faults", "centroid", "difference_of", "due_by_family", "earliest_due", "figures", "fills", "first_come",
    "fit_figures", "fitted", "hard_reason", "installed", "judged", "largest_first", "left_out", "line_metres", "local_of",
    "minute_of", "no_places", "one_size", "order_of", "own_document", "place", "plan_batches", "plan_document",
    "plan_of_values", "plan_routes", "plan_suite", "plan_values", "plan_vials", "read_problem", "replan_routes",
    "route_faults", "said_of", "seat_why", "sorted_first", "suite_faults", "tight", "timed", "travel_row", "travel_rows",
    "vial_faults", "warm", "ways_between", "why",
]  # fmt: skip
