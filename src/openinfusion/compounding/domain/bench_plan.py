# SPDX-License-Identifier: Apache-2.0
"""The steps of a work order at the hood, in order: from its ingredients and the master formulation it is made by."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from openinfusion.calculations.public import Syringes, syringes_for, weight_band, withdraws_first
from openinfusion.compounding.domain.bench_step import BenchStep, Proof, StepKind
from openinfusion.compounding.domain.second_look import Concern, look_after, look_because, scale_sd_g, wants_photo
from openinfusion.kernel.quantity import rounded, shown_number

_HUNDREDTH, _THOUSANDTH = Decimal("0.01"), Decimal("0.001")
MOST_SYRINGES = 4  # what takes more is pumped or transferred
BAG, DEVICES = "bag", {"elastomeric": "device", "cassette": "cassette", "syringe": "syringe", "bag": "bag"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchLine:
    """One ingredient as the bench sees it. ``package_ml`` is what one package holds once it is dissolved."""

    id: UUID
    role: str  # drug, solvent (of a powder), diluent, container, nutrition
    product_id: UUID
    name: str
    packages: int
    used_share: Decimal  # of all that the packages hold, 0 to 1
    package_ml: Decimal
    reconstitute_ml: Decimal = Decimal(0)
    each_ml: Decimal | None = None  # of nutrition, for each bag
    group: str = ""  # of nutrition, its place in the order of mixing
    gravity: Decimal | None = None

    @property
    def used_ml(self) -> Decimal:
        return self.package_ml * self.packages * self.used_share


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """What the master formulation says about how it is made."""

    method: str
    container: str
    final_volume_ml: Decimal
    doses: int
    withdraw: str = "policy"
    closed_system: bool = False
    weighed: bool = False
    gravity: Decimal | None = None
    tolerance_percent: Decimal | None = None
    checks: tuple[str, ...] = ()
    concern: Concern = field(default_factory=Concern)


def bench_steps(lines: Sequence[BenchLine], how: Handling) -> tuple[BenchStep, ...]:
    """Every step, numbered from 1. What goes out as it is supplied is only scanned and looked at."""
    if how.method != "compound":
        found = [*_packages_at_once(lines), _inspect(how)]
    elif how.concern.nutrition:
        found = list(_nutrition(lines, how))
    else:
        found = list(_mixture(lines, how))
    return tuple(replace(step, place=n) for n, step in enumerate(found, 1))


def _packages_at_once(lines: Sequence[BenchLine]) -> Iterator[BenchStep]:
    """What goes out as it is supplied was scanned package by package when it was staged; here one of each is enough."""
    for line in lines:
        of = f", one of {line.packages}" if line.packages > 1 else ""
        yield BenchStep(kind=StepKind.SCAN, asks=Proof.SCAN, text=f"Scan {line.name}{of}", name=line.name,
                        ingredient_id=line.id, product_id=line.product_id)


def _scans(line: BenchLine, packages: int | None = None) -> Iterator[BenchStep]:
    """A scan for each package; the last one of them is used in part."""
    left = line.used_ml
    for n in range(1, line.packages + 1):
        share = min(left, line.package_ml)
        left -= share
        of = f", {n} of {line.packages}" if line.packages > 1 else ""
        yield BenchStep(kind=StepKind.SCAN, asks=Proof.SCAN, text=f"Scan {line.name}{of}", name=line.name,
                        ingredient_id=line.id, product_id=line.product_id, volume_ml=rounded(share, _THOUSANDTH))


def _mixture(lines: Sequence[BenchLine], how: Handling) -> Iterator[BenchStep]:
    drugs = [x for x in lines if x.role == "drug"]
    devices = [x for x in lines if x.role == "container"]
    diluents = [x for x in lines if x.role == "diluent"]
    solvents = [x for x in lines if x.role == "solvent"]
    in_bag = how.container == BAG and not devices
    for line in drugs:
        yield from _scans(line)
    for line in solvents:
        yield from (replace(scan, volume_ml=None) for scan in _scans(line))  # what is left over of it is not kept
    named = " and ".join(dict.fromkeys(x.name for x in solvents))
    for line in drugs:
        if line.reconstitute_ml:
            yield _reconstitute(line, named)
    bags = [iter(tuple(_scans(x))) for x in diluents] if in_bag else []
    if not in_bag:
        for line in diluents:
            yield from _scans(line)
    doses = _doses(drugs, how.doses)
    for n, draws in enumerate(doses, 1):
        for line, scans in zip(diluents, bags, strict=False):
            for _ in range(line.packages // how.doses):
                yield replace(next(scans), container=n, volume_ml=None)
        for line in devices:
            yield _device(line, n, how.doses)
        yield from _fill(draws, diluents, how, n, in_bag)
    yield from _ending(how)


def _doses(drugs: Sequence[BenchLine], doses: int) -> list[list[tuple[BenchLine, Decimal]]]:
    """What is drawn of which product for each dose: every dose the same share, one product after the other."""
    whole = sum((x.used_share * x.packages * x.package_ml for x in drugs), Decimal(0))
    left = [(x, x.used_ml) for x in drugs]
    found = []
    for n in range(doses):
        need, draws = whole / doses, []
        while left and need > 0:
            line, there = left[0]
            take = there if n == doses - 1 and len(left) == 1 else min(there, need)
            draws.append((line, rounded(take, _HUNDREDTH)))
            need -= take
            left[0] = (line, there - take)
            if left[0][1] <= 0:
                left.pop(0)
        found.append([d for d in draws if d[1] > 0])
    return found


def _reconstitute(line: BenchLine, solvent: str) -> BenchStep:
    ml, each = shown_number(line.reconstitute_ml), "each of the " if line.packages > 1 else "the "
    vials = f"{line.packages} vials" if line.packages > 1 else "vial"
    taken = line.package_ml - line.reconstitute_ml
    holds = f"it holds {shown_number(line.package_ml)} mL"
    named = f" ({solvent})" if solvent else ""
    room = f"; the powder takes up {shown_number(taken)} mL, so that {holds}" if taken > 0 else ""
    text = f"Add {ml} mL of diluent{named} to {each}{vials}{room}"
    return BenchStep(kind=StepKind.RECONSTITUTE, name=line.name, count=line.packages, volume_ml=line.reconstitute_ml,
                     ingredient_id=line.id, product_id=line.product_id, text=text)


def _device(line: BenchLine, n: int, doses: int) -> BenchStep:
    of = f", {n} of {doses}" if doses > 1 else ""
    return BenchStep(kind=StepKind.SCAN, asks=Proof.SCAN, text=f"Scan {line.name}{of}", name=line.name, container=n,
                     ingredient_id=line.id, product_id=line.product_id)


def _fill(
    draws: Sequence[tuple[BenchLine, Decimal]], diluents: Sequence[BenchLine], how: Handling, n: int, in_bag: bool,
) -> Iterator[BenchStep]:
    """One container: take out or put in the diluent, draw the drug, inject it, and a picture where one is wanted."""
    total = sum((ml for _, ml in draws), Decimal(0))
    word = DEVICES.get(how.container, how.container)
    if in_bag and diluents and _withdraws(total, how):
        yield BenchStep(kind=StepKind.WITHDRAW, container=n, volume_ml=total, name=diluents[0].name,
                        text=f"Take {shown_number(total)} mL out of bag {n}")
    added = rounded(max(how.final_volume_ml - total, Decimal(0)), _HUNDREDTH)
    if not in_bag and diluents and added:
        yield BenchStep(kind=StepKind.DILUENT, container=n, volume_ml=added, name=diluents[0].name,
                        text=f"Put {shown_number(added)} mL of {diluents[0].name} into {word} {n}")
    for place, (line, ml) in enumerate(draws, 1):
        yield _draw(line, ml, how, n, how.gravity, last=place == len(draws))
    yield BenchStep(kind=StepKind.INJECT, container=n, volume_ml=total, text=f"Inject into {word} {n}, mix")
    if wants_photo(how.concern):
        yield _photo(n)


def _withdraws(total: Decimal, how: Handling) -> bool:
    if how.withdraw == "policy":
        return withdraws_first(total, how.final_volume_ml, chemotherapy=how.concern.hazardous)
    return how.withdraw == "always"


def _draw(line: BenchLine, ml: Decimal, how: Handling, n: int, gravity: Decimal | None, *, last: bool) -> BenchStep:
    syringe = syringes_for(ml, closed=how.closed_system)
    looks = [look_after(StepKind.DRAW, how.concern, last=last), "" if syringe.measurable else look_because("too_little")]
    by_syringe = syringe.count <= MOST_SYRINGES
    step = BenchStep(
        kind=StepKind.DRAW, container=n, name=line.name, ingredient_id=line.id, product_id=line.product_id, volume_ml=ml,
        syringe_ml=syringe.nominal_ml if by_syringe else None, count=syringe.count if by_syringe else 1,
        look="; ".join(x for x in looks if x), text=_draw_text(ml, line.name, syringe),
    )
    if not how.weighed or gravity is None:
        return step
    band = weight_band(ml, gravity, percent=how.tolerance_percent, scale_sd_g=scale_sd_g())
    return replace(step, asks=Proof.WEIGHT, expected_g=band.expected_g, low_g=band.low_g, high_g=band.high_g,
                   text=f"{step.text}, and weigh it")


def _draw_text(ml: Decimal, name: str, syringe: Syringes) -> str:
    if syringe.count > MOST_SYRINGES:
        return f"Transfer {shown_number(ml)} mL of {name} by pump or transfer set"
    many = f"{syringe.count} syringes of " if syringe.count > 1 else "a syringe of "
    return f"Draw {shown_number(ml)} mL of {name} into {many}{shown_number(syringe.nominal_ml)} mL"


def _nutrition(lines: Sequence[BenchLine], how: Handling) -> Iterator[BenchStep]:
    """Every syringe of a bag is drawn and weighed, one look at all of them, then they go in by the order of mixing."""
    for line in lines:
        yield from _scans(line)
    groups = list(dict.fromkeys(x.group for x in lines))
    for n in range(1, how.doses + 1):
        for place, line in enumerate(lines, 1):
            yield _draw(line, line.each_ml or Decimal(0), how, n, line.gravity, last=place == len(lines))
        for group in groups:
            names = ", ".join(x.name for x in lines if x.group == group)
            volume = sum((x.each_ml or Decimal(0) for x in lines if x.group == group), Decimal(0))
            yield BenchStep(kind=StepKind.INJECT, container=n, volume_ml=volume, text=f"Bag {n}. {group}: {names}")
        if wants_photo(how.concern):
            yield _photo(n)
    yield from _ending(how)


def _photo(n: int) -> BenchStep:
    return BenchStep(kind=StepKind.PHOTO, asks=Proof.PHOTO, container=n, text=f"Picture of syringes and vials of container {n}")


def _inspect(how: Handling) -> BenchStep:
    return BenchStep(kind=StepKind.INSPECT, count=how.doses, text="; ".join(how.checks) or "Look at every container")


def _ending(how: Handling) -> Iterator[BenchStep]:
    word = DEVICES.get(how.container, how.container)
    many = f"all {how.doses} {word}s" if how.doses > 1 else f"the {word}"
    yield _inspect(how)
    yield BenchStep(kind=StepKind.SEAL, count=how.doses, text=f"Seal {many}")
