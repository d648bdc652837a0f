# SPDX-License-Identifier: Apache-2.0
"""The product's own file of a routing problem, ``openinfusion/routes/1``; docs/development/planning-files.md describes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from openinfusion.planning.domain.formats.fields import Fields, closed, opened, squared
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
from openinfusion.planning.domain.travel import Ways, travel_row, ways_between

FORMAT = "openinfusion/routes/1"
DEGREES = re.compile(r"-?\d{1,3}(\.\d{1,7})?")

Centroid = Callable[[str, str], Place]
Between = Callable[[Sequence[Place]], Ways]


@dataclass(frozen=True, slots=True)
class Told:
    """A problem with what its file says beside it: the first day, the zone, and where the ways come from."""

    problem: RoutingProblem
    first: date
    zone: ZoneInfo
    ways: str
    approximate: bool


def read_own(document: Any, centroid: Centroid, between: Between | None = None) -> Told:
    """The problem of a parsed file. ``centroid`` answers for ZIP codes, ``between`` for ways (the assumption without it)."""
    fields = opened(document, FORMAT)
    places = fields.rows("places", lambda f: _place(f, centroid))
    branch = fields.text("branch")
    given = squared(fields, "distance", len(places)), squared(fields, "duration", len(places))
    at = {p.name: n for n, p in enumerate(places)}
    shifts = fields.rows("shifts", lambda f: _shift(f, at))
    visits = fields.rows("visits", lambda f: _visit(f, at))
    pairs, pins, today = fields.rows("pairs", _pair), fields.rows("pins", _pin), fields.rows("today", _promise)
    prices, name = _prices(fields), fields.text("name")
    closed(fields)
    if given[0] is not None and given[1] is not None:
        ways = Ways(given[0], given[1], any(p.approximate for p in places), "the file")
    else:
        ways = between(places) if between else ways_between(places, travel_row(branch, fields.first))
    problem = RoutingProblem(places, ways.metres, ways.minutes, shifts, visits, pairs, pins, prices, today, name=name)
    return Told(problem, fields.first, fields.zone, ways.source, ways.approximate)


def _place(f: Fields, centroid: Centroid) -> Place:
    name, zip_code = f.text("name", None), f.text("zip")
    latitude, longitude = f.text("latitude"), f.text("longitude")
    for key, value in (("latitude", latitude), ("longitude", longitude)):
        if value and not DEGREES.fullmatch(value):
            f.wrong(key, "is degrees as text, such as 41.8781 or -87.6298")
    if latitude and longitude:
        return Place(name, latitude, longitude)
    return centroid(name, zip_code) if zip_code else Place(name)


def _shift(f: Fields, at: dict[str, int]) -> Shift:
    name = f.text("name", None)
    start = f.text("start", None)
    return Shift(
        name, f.text("person", name), _known(f, "start", start, at), _known(f, "end", f.text("end", start), at),
        f.instant("begins"), f.instant("ends"), f.whole("overtime"), f.maybe("longest"), f.texts("skills"), f.texts("licences"),
        f.wholes("capacity"), f.rows("breaks", _rest), f.whole("fixed"),
    )  # fmt: skip


def _rest(f: Fields) -> Rest:
    return Rest(f.instant("earliest"), f.instant("latest"), f.whole("lasts", None))


def _visit(f: Fields, at: dict[str, int]) -> Visit:
    return Visit(
        f.text("name", None), _known(f, "place", f.text("place", None), at), f.whole("lasts", None), _windows(f),
        _wished(f), f.texts("skills"), f.text("licence"), f.wholes("delivers"),
        f.wholes("collects"), f.maybe("cold"), f.texts("prefers"), f.texts("barred"), f.maybe("keep"), f.text("patient"),
    )  # fmt: skip


def _windows(f: Fields) -> tuple[Window, ...]:
    value = f.take("windows")
    if not isinstance(value, list) or not value:
        f.wrong("windows", 'is a list of windows, such as [["09:00", "12:00"]]')
        return (Window(0, 0),)
    return tuple(sorted((_window(f, f"windows.{n}", w) for n, w in enumerate(value)), key=lambda w: w.opens))


def _wished(f: Fields) -> tuple[Window, ...]:
    """One window, or several on several days; none where nothing is wished."""
    value = f.take("wished")
    if value is None:
        return ()
    several = value if isinstance(value, list) and any(isinstance(w, list) for w in value) else [value]
    return tuple(sorted((_window(f, "wished", w) for w in several), key=lambda w: w.opens))


def _window(f: Fields, name: str, value: Any) -> Window:
    if not isinstance(value, list) or len(value) != 2:
        f.wrong(name, "is two times, from and to")
        return Window(0, 0)
    return Window(f.instant(name, value[0]), f.instant(name, value[1]))


def _pair(f: Fields) -> Pair:
    return Pair(f.text("first", None), f.text("second", None), f.whole("least"), f.whole("most"))


def _pin(f: Fields) -> Pin:
    at = f.take("at")
    return Pin(f.text("visit", None), f.text("person"), None if at is None else f.instant("at", at))


def _promise(f: Fields) -> Promise:
    return Promise(f.text("visit", None), f.text("person", None), f.instant("starts"))


def _prices(fields: Fields) -> Prices:
    value = fields.take("prices")
    if value is None:
        return Prices()
    if not isinstance(value, dict):
        fields.wrong("prices", "is an object of whole numbers")
        return Prices()
    f = Fields(value, "prices", fields.first, fields.zone, fields.faults)
    usual = Prices()
    found = Prices(**{name: f.whole(name, getattr(usual, name)) for name in Prices.__dataclass_fields__})
    f.nothing_else()
    return found


def _known(f: Fields, field_name: str, place: str, at: dict[str, int]) -> int:
    if place not in at:
        f.wrong(field_name, f"{place!r} is no place of this file")
    return at.get(place, 0)
