# SPDX-License-Identifier: Apache-2.0
"""Reads that cross all rooms: what waits, what a search finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from openinfusion.kernel.waiting import Ask, ChartRow, Hit, Waited, Waiting
from openinfusion.platform.actor import Actor


def _doors(name: str) -> Iterator[Callable[..., Any]]:
    """The function of this name in every room's door, where the room has one."""
    for room in settings.ROOMS:
        if (Path(settings.PACKAGE) / room / "public.py").exists() and f"openinfusion.{room}" in settings.INSTALLED_APPS:
            found = getattr(import_module(f"openinfusion.{room}.public"), name, None)
            if found is not None:
                yield found


@dataclass(frozen=True, slots=True)
class Queue:
    """The work of one person's roles: the rows shown, how many of each kind there are, how many are late."""

    rows: tuple[Waiting, ...]
    kinds: tuple[tuple[str, int], ...]
    total: int
    late: int


def queue(by: Actor, *, kind: str = "", everyone: bool = False) -> Queue:
    """What waits for this person's roles (or for everyone), late first, then by when it is due, then oldest first."""
    ask = Ask(roles=None if everyone else frozenset(r.value for r in by.roles), kind=kind)
    found = Waited()
    for door in _doors("waiting"):
        found += door(by, ask)
    rows = sorted(found.rows, key=lambda w: w.place)[: ask.limit]
    total = found.counts[kind] if kind else found.counts.total()
    return Queue(tuple(rows), tuple(found.counts.most_common()), total, found.late)


def search(text: str, by: Actor) -> list[Hit]:
    """What every room finds for this text; nothing for fewer than two letters."""
    words = text.strip()
    if len(words) < 2:
        return []
    return [hit for door in _doors("find") for hit in door(words, by)][:40]


def chart_rows(patient_id: UUID, by: Actor) -> list[ChartRow]:
    """What every room has of one patient."""
    return [row for door in _doors("on_chart") for row in door(patient_id, by)]
