# SPDX-License-Identifier: Apache-2.0
"""A calculation: named, versioned and sourced; asked with raw answers, it gives results and says why."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from openinfusion.calculations.domain.inputs import Input
from openinfusion.calculations.domain.measure import shown_unit
from openinfusion.kernel.quantity import Rounding, rounded, shown_number
from openinfusion.kernel.refusal import Broken, Fault, Malformed, NotFound, Reason
from openinfusion.kernel.standing import Source


@dataclass(frozen=True, slots=True)
class Result:
    """One figure: exact, and rounded once at the end by a policy that is named."""

    name: str
    label: str
    exact: Decimal
    unit: str
    step: Decimal
    policy: Rounding = Rounding.HALF_UP

    @property
    def value(self) -> Decimal:
        return rounded(self.exact, self.step, self.policy)

    @property
    def rounding(self) -> str:
        how = {Rounding.HALF_UP: "to the nearest", Rounding.UP: "up to", Rounding.DOWN: "down to"}[self.policy]
        return f"rounded {how} {shown_number(self.step)}"

    def __str__(self) -> str:
        return f"{shown_number(self.value)} {shown_unit(self.unit)}".strip()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A result in words: ``code`` for machines, ``text`` for people, ``tone`` ok, info, warn, crit or idle."""

    name: str
    label: str
    code: str
    text: str
    tone: str = "idle"

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the way to the result."""

    text: str
    value: Decimal | None = None
    unit: str = "1"

    def __str__(self) -> str:
        if self.value is None:
            return self.text
        return f"{self.text}: {shown_number(round(self.value, 6))} {shown_unit(self.unit)}".strip()


@dataclass(frozen=True, slots=True)
class Curve:
    """A line to draw: points of time and value, and the measured ones beside it."""

    label: str
    x_label: str
    y_label: str
    points: tuple[tuple[Decimal, Decimal], ...]
    marks: tuple[tuple[Decimal, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A result of several rows, such as rate steps or vials."""

    name: str
    label: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """What a calculation gives back: the figures, the way to them, what to be careful of, the rows that were used."""

    results: tuple[Result | Verdict, ...]
    steps: tuple[Step, ...] = ()
    warnings: tuple[Reason, ...] = ()
    used: tuple[Source, ...] = ()
    curves: tuple[Curve, ...] = ()
    tables: tuple[Table, ...] = ()

    def result(self, name: str) -> Result | Verdict:
        """The result with this name; Broken if the calculation gives none."""
        for found in self.results:
            if found.name == name:
                return found
        raise Broken(f"no result is called {name}; there are {', '.join(r.name for r in self.results)}")

    def value(self, name: str) -> Decimal:
        """The exact figure with this name."""
        found = self.result(name)
        if isinstance(found, Verdict):
            raise Broken(f"{name} is said in words, not in figures")
        return found.exact


@dataclass(frozen=True, slots=True)
class Question:
    """An input of a calculation, and whether it must be answered."""

    input: Input
    parameter: str
    default: Any
    required: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """A calculation that was asked: its inputs as they were read, and what it gave."""

    calculation: Calculation
    inputs: tuple[tuple[str, str, str], ...]  # name, label, value as printed
    worked: Worked


@dataclass(frozen=True, slots=True)
class Calculation:
    """A formula with a name. ``work`` takes typed values; ``ask`` takes what somebody typed."""

    name: str
    title: str
    group: str
    version: int
    formula: str
    source: Source
    about: str
    work: Callable[..., Worked]
    questions: tuple[Question, ...]

    def ask(self, raw: Mapping[str, Any]) -> Answer:
        """Read every input, then work; Malformed with every fault at once, Refused where the formula does not speak."""
        known = {q.input.name for q in self.questions}
        faults = [Fault(name, "is not asked for; it asks for " + ", ".join(sorted(known))) for name in raw if name not in known]
        values: dict[str, Any] = {}
        for question in self.questions:
            given = raw.get(question.input.name)
            if given in (None, "", [], ()):
                if question.required:
                    faults.append(Fault(question.input.name, f"{question.input.label} is missing"))
                continue
            try:
                values[question.parameter] = question.input.read(given)
            except Malformed as no:
                faults += no.faults
        if faults:
            raise Malformed(*faults)
        worked = self.work(**values)
        return Answer(self, tuple(self._said(values)), worked)

    def _said(self, values: dict[str, Any]) -> list[tuple[str, str, str]]:
        said = []
        for question in self.questions:
            value = values.get(question.parameter, question.default)
            if value is not None:
                mark = "" if question.parameter in values else " (default)"
                said.append((question.input.name, question.input.label, question.input.said(value) + mark))
        return said


REGISTER: dict[str, Calculation] = {}


def calculation(
    name: str, title: str, *, group: str, formula: str, source: Source, version: int = 1
) -> Callable[[Callable[..., Worked]], Callable[..., Worked]]:
    """Enter a function into the register. Its keyword parameters are the inputs, each ``Annotated`` with its Input."""

    def enter(work: Callable[..., Worked]) -> Callable[..., Worked]:
        if name in REGISTER:
            raise Broken(f"two calculations are called {name}")
        about = inspect.cleandoc(work.__doc__ or "")
        REGISTER[name] = Calculation(name, title, group, version, formula, source, about, work, _questions(work))
        return work

    return enter


def _questions(work: Callable[..., Worked]) -> tuple[Question, ...]:
    hints = get_type_hints(work, include_extras=True)
    found = []
    for parameter in inspect.signature(work).parameters.values():
        hint = hints[parameter.name]
        if get_origin(hint) is not Annotated:
            raise Broken(f"{work.__name__}: {parameter.name} needs an Input in Annotated[...]")
        required = parameter.default is inspect.Parameter.empty
        found.append(Question(get_args(hint)[1], parameter.name, None if required else parameter.default, required))
    return tuple(found)


def named(name: str) -> Calculation:
    """The calculation with this name; NotFound if there is none."""
    try:
        return REGISTER[name]
    except KeyError:
        raise NotFound(f"no calculation is called “{name}”; openinfusion calc lists them") from None
