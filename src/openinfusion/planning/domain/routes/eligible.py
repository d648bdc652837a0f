# SPDX-License-Identifier: Apache-2.0
"""Who may make a visit at all, and the hard reason why somebody may not."""

from __future__ import annotations

from openinfusion.planning.domain.routes.problem import RoutingProblem, Shift, Visit, Window


def windows_of(problem: RoutingProblem, visit: Visit) -> tuple[Window, ...]:
    """The hard windows, narrowed to the instant where one is pinned."""
    pin = problem.pin_of.get(visit.name)
    return (Window(pin.at, pin.at),) if pin and pin.at is not None else visit.windows


def hard_reason(problem: RoutingProblem, shift: Shift, visit: Visit) -> str:
    """Why this shift can never hold the visit; empty where it may."""
    return (
        _pinned(problem, shift, visit) or _qualified(shift, visit) or _loaded(shift, visit) or _reached(problem, shift, visit)
    )


def _pinned(problem: RoutingProblem, shift: Shift, visit: Visit) -> str:
    pin = problem.pin_of.get(visit.name)
    return f"pinned to {pin.person}" if pin and pin.person and pin.person != shift.person else ""


def _qualified(shift: Shift, visit: Visit) -> str:
    if shift.person in visit.barred:
        return barred_reason(shift.person)
    missing = sorted(visit.skills - shift.skills)
    if missing:
        return f"{shift.person} is not competent for {', '.join(missing)}"
    if visit.licence and visit.licence not in shift.licences:
        return f"{shift.person} holds no licence of {visit.licence}"
    return ""


def barred_reason(person: str) -> str:
    """What is said of somebody who may not go to a patient; whoever barred them knows why."""
    return f"{person} does not go to this patient"


def _loaded(shift: Shift, visit: Visit) -> str:
    loads = [*zip(visit.delivers, shift.capacity, strict=False), *zip(visit.collects, shift.capacity, strict=False)]
    counted = len(shift.capacity)
    if any(amount > room for amount, room in loads) or any((*visit.delivers[counted:], *visit.collects[counted:])):
        return "it does not fit into this vehicle"
    return ""


def _reached(problem: RoutingProblem, shift: Shift, visit: Visit) -> str:
    """Whether any window is met by going there first and coming straight back."""
    there = problem.duration[shift.start][visit.place]
    back = problem.duration[visit.place][shift.end]
    for window in windows_of(problem, visit):
        begins = max(shift.begins + there, window.opens)
        if begins <= window.closes and begins + visit.lasts + back <= shift.ends + shift.overtime:
            return _lengthy(shift, visit, there, back)
    return "no window of it lies within the shift"


def _lengthy(shift: Shift, visit: Visit, there: int, back: int) -> str:
    if shift.longest is not None and there + visit.lasts + back > shift.longest:
        return "the way there and back is longer than the shift may be"
    if visit.cold is not None and there > visit.cold:
        return "the way there is longer than it may be out of the refrigerator"
    return ""


def eligible(problem: RoutingProblem) -> list[list[int]]:
    """For each visit, the numbers of the shifts that may hold it."""
    return [[n for n, s in enumerate(problem.shifts) if not hard_reason(problem, s, v)] for v in problem.visits]


def person_cost(problem: RoutingProblem, shift: Shift, visit: Visit) -> int:
    """What it costs that this person makes the visit: not the preferred one, not the one of today's plan."""
    prices, promise = problem.prices, problem.promised.get(visit.name)
    other = prices.other_person if visit.prefers and shift.person not in visit.prefers else 0
    present = promise is not None and any(s.person == promise.person for s in problem.shifts)
    moved = prices.moved if promise and present and promise.person != shift.person else 0
    return other + moved
