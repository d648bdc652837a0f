# SPDX-License-Identifier: Apache-2.0
"""Invented days for the tests of planning: small, crowded and full of conditions; the same seed is the same day."""

from __future__ import annotations

import random

from openinfusion.planning.public import Pair, Pin, Place, Prices, Promise, Rest, RoutingProblem, Shift, Visit, Window

SKILLS = ("port", "teach", "picc")
STATES = ("IL", "WI")


def day(seed: int, visits: int = 8, shifts: int = 3, plain: bool = False) -> RoutingProblem:
    """A day with everything in it; ``plain``: only what the routing libraries know too."""
    r = random.Random(seed)
    places = [(r.randrange(90), r.randrange(90)) for _ in range(visits + 2)]
    ways = tuple(tuple(abs(a[0] - b[0]) + abs(a[1] - b[1]) for b in places) for a in places)
    crew = tuple(_shift(r, n, plain) for n in range(shifts))
    work = tuple(_visit(r, n, plain, [s.person for s in crew]) for n in range(visits))
    names = [v.name for v in work]
    r.shuffle(names)
    pairs = () if plain else tuple(Pair(names[2 * n], names[2 * n + 1], *r.choice([(0, 0), (10, 30), (0, 60)])) for n in range(r.randrange(0, 3)))
    opens = next(v.windows[0].opens for v in work if v.name == names[-1])
    pins = () if plain or r.random() < 0.6 else (Pin(names[-1], r.choice(crew).person, r.choice([None, opens])),)
    today = tuple(Promise(n, r.choice(crew).person, 200) for n in names[:3]) if r.random() < 0.4 else ()
    prices = Prices(1, r.choice([0, 1]), 3, 0 if plain else 2, 0 if plain else r.choice([0, 1]), 0 if plain else r.choice([0, 1]), 20, 30, 5000)
    return RoutingProblem(tuple(Place(str(n)) for n in range(len(places))), ways, ways, crew, work, pairs, pins, prices, today)


def _shift(r: random.Random, n: int, plain: bool) -> Shift:
    begins = r.choice([0, 60])
    rests = () if plain or r.random() < 0.5 else (Rest(200, 260, 30), *([Rest(400, 440, 15)] if r.random() < 0.4 else []))
    return Shift(
        f"shift {n}", f"person {n}", r.randrange(2), r.randrange(2), begins, begins + r.choice([420, 540]), r.choice([0, 60]),
        r.choice([None, None, 480]), frozenset(s for s in SKILLS if r.random() < 0.7), frozenset(s for s in STATES if r.random() < 0.8),
        (r.choice([6, 12]), 8), rests, r.choice([0, 40]),
    )


def _visit(r: random.Random, n: int, plain: bool, people: list[str]) -> Visit:
    opens = r.randrange(0, 400, 10)
    windows = [Window(opens, opens + r.choice([0, 60, 180]))]
    if r.random() < 0.3:
        windows.append(Window(windows[0].closes + 60, windows[0].closes + 120))
    wished = () if plain or r.random() < 0.5 else tuple(Window(o, o + 30) for o in (opens, windows[0].closes + 60)[: r.choice([1, 2])])
    return Visit(
        f"visit {n}", n + 2, r.choice([0, 15, 45, 90]), tuple(windows), wished, frozenset([r.choice(SKILLS)] if r.random() < 0.3 else []),
        r.choice(["", "", "IL"]), (r.randrange(3), r.randrange(2)), (r.randrange(2), 0), None if plain or r.random() < 0.7 else r.choice([90, 200]),
        frozenset([r.choice(people)] if r.random() < 0.3 else []), frozenset([r.choice(people)] if r.random() < 0.1 else []),
        r.choice([None, None, 800]), f"patient {n}",
    )


def orders(problem: RoutingProblem, seed: int) -> list[tuple[int, int]]:
    """Any order of some of the visits with any shifts: mostly one that breaks rules."""
    r = random.Random(seed)
    found = [(v, r.randrange(len(problem.shifts))) for v in range(len(problem.visits)) if r.random() < 0.9]
    r.shuffle(found)
    return found
