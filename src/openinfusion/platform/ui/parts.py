# SPDX-License-Identifier: Apache-2.0
"""Parts of pages as frozen values: the buttons of a machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django import forms

from openinfusion.kernel.machine import Machine
from openinfusion.platform.actor import Actor


@dataclass(frozen=True, slots=True)
class Act:
    """One button: where it posts, what it asks first (a reason, a signature, a form), or why it is grey."""

    name: str
    label: str
    url: str
    tone: str = "neutral"
    needs_reason: bool = False
    sign: str = ""
    reasons: tuple[str, ...] = ()
    form: forms.Form | None = None

    @property
    def enabled(self) -> bool:
        return not self.reasons

    @property
    def asks(self) -> bool:
        return bool(self.needs_reason or self.sign or self.form)


def acts_of(
    machine: Machine[Any, Any],
    state: StrEnum | str,
    facts: object,
    by: Actor,
    *,
    url_for: Callable[[str], str],
    forms: Mapping[str, forms.Form] | None = None,
    leave_out: frozenset[str] = frozenset(),
) -> tuple[Act, ...]:
    """The buttons of a record in this state for this person. Steps nobody of this person's roles may take are left out."""
    now = type(machine.initial)(state)
    found = []
    for offer in machine.offers(now, facts, by.permissions):
        if offer.name in leave_out or any(r.code == "not-permitted" for r in offer.reasons):
            continue
        found.append(
            Act(
                offer.name,
                offer.label,
                url_for(offer.name),
                offer.tone,
                offer.needs_reason,
                offer.sign,
                tuple(str(r) for r in offer.reasons),
                (forms or {}).get(offer.name),
            )
        )
    return tuple(found)
