# SPDX-License-Identifier: Apache-2.0
"""State machines, declared once: one table feeds guards, buttons, queues, journal, database, documents and tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from openinfusion.kernel.refusal import Reason, Refused

S = TypeVar("S", bound=StrEnum)
F = TypeVar("F")

Guard = Callable[[F], Reason | None]


@dataclass(frozen=True, slots=True)
class Step(Generic[S, F]):
    """One arrow of a machine.

    ``sentence`` is how the journal tells it: "{actor} verified the prescription". ``sign`` names the meaning of the
    signature the step needs ("verified"), or is empty. ``needs_reason``: a word why must come along.
    """

    name: str
    source: S
    target: S
    permission: str
    label: str
    sentence: str
    guards: Sequence[Guard[F]] = ()
    tone: str = "neutral"
    needs_reason: bool = False
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as a person sees it: a button that is live, or says why it is not."""

    name: str
    label: str
    tone: str
    needs_reason: bool
    sign: str
    reasons: tuple[Reason, ...]

    @property
    def enabled(self) -> bool:
        return not self.reasons


@dataclass(frozen=True)
class Machine(Generic[S, F]):
    """All states and arrows of one aggregate.

    ``owners``: whose turn it is in each state (a role's code; an empty string where nobody's: the state rests or ends);
    this feeds the work queues. ``tones``: how a state is coloured (info, wait, warn, crit, ok, move, idle).
    """

    name: str
    initial: S
    steps: Sequence[Step[S, F]]
    owners: Mapping[S, str]
    tones: Mapping[S, str] = field(default_factory=dict)
    _index: dict[tuple[S, str], Step[S, F]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        index = {(s.source, s.name): s for s in self.steps}
        if len(index) != len(self.steps):
            raise ValueError(f"{self.name}: two steps share a source and a name")
        missing = set(type(self.initial)) - set(self.owners)
        if missing:
            raise ValueError(f"{self.name}: nobody is said to own {sorted(missing)}")
        object.__setattr__(self, "_index", index)

    @property
    def states(self) -> list[S]:
        return list(type(self.initial))

    @property
    def terminal(self) -> frozenset[S]:
        return frozenset(self.states) - {s.source for s in self.steps}

    def step(self, state: S, name: str) -> Step[S, F]:
        """The arrow with this name out of this state; Refused if there is none."""
        try:
            return self._index[state, name]
        except KeyError:
            words = name.replace("_", " ")
            raise Refused(Reason("no-such-step", f"“{words}” is not possible while {shown(state)}")) from None

    def reasons(self, step: Step[S, F], facts: F, permissions: frozenset[str]) -> tuple[Reason, ...]:
        """Every reason against this step; none means go."""
        found = [r for g in step.guards if (r := g(facts)) is not None]
        if step.permission not in permissions:
            found.insert(0, Reason("not-permitted", f"needs the permission {step.permission}"))
        return tuple(found)

    def advance(
        self,
        state: S,
        name: str,
        facts: F,
        permissions: frozenset[str],
        *,
        reason: str = "",
        signed: bool = False,
    ) -> Step[S, F]:
        """The step, if every guard, the permission, the reason and the signature are there; else Refused with all."""
        step = self.step(state, name)
        against = list(self.reasons(step, facts, permissions))
        if step.needs_reason and not reason.strip():
            against.append(Reason("reason-missing", f"“{step.label}” needs a reason in words"))
        if step.sign and not signed:
            against.append(Reason("signature-missing", f"“{step.label}” needs your signature ({step.sign})"))
        if against:
            raise Refused(*against)
        return step

    def offers(self, state: S, facts: F, permissions: frozenset[str]) -> Iterator[Offer]:
        """What could be done now, each with the reasons against it."""
        for s in self.steps:
            if s.source is state:
                yield Offer(s.name, s.label, s.tone, s.needs_reason, s.sign, self.reasons(s, facts, permissions))

    def owner(self, state: S) -> str:
        return self.owners[state]

    def tone(self, state: S) -> str:
        return self.tones.get(state, "idle" if state in self.terminal else "info")

    def arrows(self) -> frozenset[tuple[str, str]]:
        """The (source, target) pairs the database lets through."""
        return frozenset((s.source.value, s.target.value) for s in self.steps)

    def mermaid(self) -> str:
        """The diagram of the reference pages."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial.value}"]
        lines += [f"    {s.source.value} --> {s.target.value}: {s.name}" for s in self.steps]
        lines += [f"    {t.value} --> [*]" for t in self.states if t in self.terminal]
        return "\n".join(lines)


def shown(state: StrEnum) -> str:
    """A state in words: awaiting_check → awaiting check."""
    return state.value.replace("_", " ")
