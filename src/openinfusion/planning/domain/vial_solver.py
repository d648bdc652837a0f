# SPDX-License-Identifier: Apache-2.0
"""The vials of a day, exactly: dose after dose, with what is left in opened vials and until when it may be used.

Two facts make a small search complete. Of two open vials the one that ends sooner is used first: swapping them never
costs more. And no vial is opened before a dose needs it, since it could only end sooner. A way is dropped when another one
costs no more and has at least as much left for at least as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.planning.domain.vial_choices import Choice, Choices, denominator_of
from openinfusion.planning.domain.vial_problem import Draw, OpenedVial, VialPlan, VialProblem

MOST_WAYS = 20_000  # beyond so many ways at once only the cheapest are followed, and nothing is proven

Left = tuple[tuple[int, int], ...]  # (until, amount) of what is open, the one that ends sooner first


@dataclass(slots=True)
class _Way:
    """One way to have made the doses so far."""

    price: int
    left: Left
    used: tuple[int, ...]  # of each scarce size
    before: _Way | None
    choice: Choice | None


@dataclass(frozen=True, slots=True)
class _Scaled:
    """The problem in whole numbers."""

    unit: int
    doses: tuple[tuple[int, int], ...]  # at, amount
    start: Left
    keeps: int


def plan_vials(problem: VialProblem) -> VialPlan:
    """The plan that opens the cheapest vials; Refused where the vials that are there do not suffice."""
    scaled = _scaled(problem)
    scarce: list[int | None] = [None] * len(problem.sizes)
    while True:
        best, proven = _search(problem, scaled, scarce)
        if best is None:
            raise Refused(Reason("short-vials", "the vials that are there do not cover the day's doses", "buy or move doses"))
        over = [n for n, count in enumerate(_counts(best, len(scarce))) if _beyond(problem.sizes[n].free, count)]
        if not over:
            return _plan(problem, scaled, best, proven)
        for n in over:  # only sizes that would run out are counted along, which keeps the search small
            scarce[n] = problem.sizes[n].free


def _beyond(free: int | None, count: int) -> bool:
    return free is not None and count > free


def _scaled(problem: VialProblem) -> _Scaled:
    unit = denominator_of(
        [*(s.holds for s in problem.sizes), *(d.amount for d in problem.doses), *(p.left for p in problem.open)]
    )
    start = tuple(sorted((p.until, int(p.left * unit)) for p in problem.open if p.left > 0))
    return _Scaled(unit, tuple((d.at, int(d.amount * unit)) for d in problem.in_time()), start, problem.keeps)


def _search(problem: VialProblem, scaled: _Scaled, scarce: Sequence[int | None]) -> tuple[_Way | None, bool]:
    """The best way to make every dose, and whether nothing was cut off on the way."""
    holds = [int(s.holds * scaled.unit) for s in problem.sizes]
    cents = [s.cents for s in problem.sizes]
    if not all(cents):  # without every price the amount stands for it
        cents = holds
    choices = Choices(holds, cents, max((amount for _, amount in scaled.doses), default=0), scarce)
    ways: Iterable[_Way] = [_Way(0, scaled.start, (0,) * len(scarce), None, None)]
    proven = True
    for at, amount in scaled.doses:
        found: dict[tuple[Left, tuple[int, ...]], _Way] = {}
        for way in ways:
            _make(way, at, amount, scaled.keeps, choices, scarce, found)
        kept = _undominated(found.values())
        if len(kept) > MOST_WAYS:
            kept, proven = kept[:MOST_WAYS], False
        ways = kept
    return min(ways, key=lambda w: w.price, default=None), proven


def _make(
    way: _Way, at: int, amount: int, keeps: int, choices: Choices, scarce: Sequence[int | None],
    found: dict[tuple[Left, tuple[int, ...]], _Way],
) -> None:
    """One dose more: from what is open and still in time, then from vials opened now."""
    left, need = _drawn(way.left, at, amount)
    if not need:
        _keep(found, _Way(way.price, left, way.used, way, None))
        return
    for choice in choices.reaching(need):
        used = way.used
        if any(s is not None for s in scarce):
            used = tuple(u + c if s is not None else 0 for u, c, s in zip(used, choice.counts, scarce, strict=True))
            if any(s is not None and u > s for u, s in zip(used, scarce, strict=True)):
                continue
        rest = choice.total - need
        opened = (*left, (at + keeps, rest)) if rest and keeps else left
        _keep(found, _Way(way.price + choice.price, opened, used, way, choice))


def _drawn(left: Left, at: int, amount: int) -> tuple[Left, int]:
    """What stays open after a dose, and what the open vials could not give."""
    kept = []
    for until, there in left:
        if until < at:
            continue
        taken = min(there, amount)
        amount -= taken
        if there > taken:
            kept.append((until, there - taken))
    return tuple(kept), amount


def _keep(found: dict[tuple[Left, tuple[int, ...]], _Way], way: _Way) -> None:
    key = (way.left, way.used)
    if key not in found or way.price < found[key].price:
        found[key] = way


def _undominated(ways: Iterable[_Way]) -> list[_Way]:
    """The ways that no other beats in price, in what is left, in how long and in scarce vials; the cheapest first."""
    kept: list[_Way] = []
    for way in sorted(ways, key=lambda w: (w.price, -sum(a for _, a in w.left))):
        if not any(_beats(other, way) for other in kept):
            kept.append(way)
    return kept


def _beats(other: _Way, way: _Way) -> bool:
    """Whether a way that costs no more has at least as much of everything."""
    if any(o > w for o, w in zip(other.used, way.used, strict=True)):
        return False
    if not way.left:
        return True
    if len(other.left) == 1 and len(way.left) == 1:
        return other.left[0][0] >= way.left[0][0] and other.left[0][1] >= way.left[0][1]
    ends = {until for until, _ in (*other.left, *way.left)}
    return all(_lasting(other.left, end) >= _lasting(way.left, end) for end in ends)


def _lasting(left: Left, end: int) -> int:
    """How much may still be used at this minute."""
    return sum(amount for until, amount in left if until >= end)


def _counts(way: _Way, sizes: int) -> list[int]:
    found, one = [0] * sizes, way
    while one.before is not None:
        if one.choice:
            found = [a + b for a, b in zip(found, one.choice.counts, strict=True)]
        one = one.before
    return found


def _plan(problem: VialProblem, scaled: _Scaled, best: _Way, proven: bool) -> VialPlan:
    """The way told again forwards: which vial is opened for which dose, and what each dose takes from where."""
    steps, way = [], best
    while way.before is not None:
        steps.append(way.choice)
        way = way.before
    opened: list[OpenedVial] = []
    draws: list[Draw] = []
    there: list[tuple[int, int | str, Decimal]] = sorted((p.until, p.name, p.left) for p in problem.open if p.left > 0)
    for dose, choice in zip(problem.in_time(), reversed(steps), strict=True):
        there = [v for v in there if v[0] >= dose.at]
        if choice:
            for vial in _opened(problem, choice, dose.name, dose.at, len(opened)):
                opened.append(vial)
                there.append((dose.at + problem.keeps, vial.number, vial.holds))
        there = _take(dose.name, dose.amount, there, draws)
        if not problem.keeps:
            there = [v for v in there if isinstance(v[1], str)]
    return VialPlan(tuple(opened), tuple(draws), proven)


def _opened(problem: VialProblem, choice: Choice, dose: str, at: int, before: int) -> list[OpenedVial]:
    """The vials of a choice, the largest first, so that what is left is left in the smallest."""
    sizes = sorted(zip(problem.sizes, choice.counts, strict=True), key=lambda x: -x[0].holds)
    kinds = [size for size, count in sizes for _ in range(count)]
    return [OpenedVial(before + n, s.product, s.holds, s.cents, at, dose) for n, s in enumerate(kinds, 1)]


def _take(
    dose: str, amount: Decimal, there: list[tuple[int, int | str, Decimal]], draws: list[Draw]
) -> list[tuple[int, int | str, Decimal]]:
    kept = []
    for until, source, left in there:
        taken = min(left, amount)
        if taken:
            draws.append(Draw(dose, source, taken))
            amount -= taken
        if left > taken:
            kept.append((until, source, left - taken))
    return kept
