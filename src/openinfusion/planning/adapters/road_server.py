# SPDX-License-Identifier: Apache-2.0
"""Ways by road from an OSRM server, where the operator runs one (OPENINFUSION_ROAD_SERVER); never from the internet by default.

Coordinates are all that is sent: no name, no address, no number. A table of more places than a server takes at once is asked
in blocks. Whoever waits for a page waits a few seconds at most, and a server that did not answer is left alone for a minute.
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from http.client import HTTPException
from itertools import product
from typing import Any
from urllib.error import HTTPError

from openinfusion.kernel.refusal import Unavailable
from openinfusion.planning.domain.routes.problem import Place
from openinfusion.planning.domain.travel import Ways

TIMEOUT = 10  # seconds for all blocks of one table together
HURRIED = 4  # the same, where a page or a form waits
REST = 60  # seconds in which a server that did not answer, or was slow, is not asked again
SLOW = 1  # seconds for one block: a page with many routes asks for each
MOST = 100  # coordinates in one question: what OSRM takes as it comes
LARGEST = 64_000_000  # bytes of one answer
FARTHEST = 100_000_000  # metres or seconds: more than twice around the world is no answer

Tables = tuple[list[list[int]], list[list[int]]]


class _NoOther(urllib.request.HTTPRedirectHandler):
    """Homes' coordinates go to the address that the operator set, and nowhere it points to."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoOther)


@dataclass(slots=True)
class RoadServer:
    """A server that somebody waits for. ``silent_until``: it did not answer or was slow, and is not asked before."""

    address: str
    silent_until: float = field(default=0.0)

    def ways(self, places: Sequence[Place]) -> Ways:
        """Unavailable where it does not answer in time, did not a moment ago, or finds no way."""
        began = time.monotonic()
        if began < self.silent_until:
            raise Unavailable("the road server did not answer in time a moment ago")
        try:
            found = ways_by_road(self.address, places, HURRIED)
        except NoAnswer:
            self.silent_until = time.monotonic() + REST
            raise
        ended = time.monotonic()
        if ended - began > SLOW * len(list(_blocks(len(places)))):
            self.silent_until = ended + REST
        return found


class NoAnswer(Unavailable):
    """Nothing came, or nothing that can be read."""


def ways_by_road(address: str, places: Sequence[Place], seconds: float = TIMEOUT) -> Ways:
    """The server's table of minutes and metres. Unavailable where it does not answer, or finds no way between two places."""
    until, count = time.monotonic() + seconds, len(places)
    metres, minutes = [[0] * count for _ in places], [[0] * count for _ in places]
    for rows, columns in _blocks(count):
        far, long = _block(address, [places[n] for n in rows], [places[n] for n in columns], rows is columns, until)
        for (i, a), (j, b) in product(enumerate(rows), enumerate(columns)):
            metres[a][b], minutes[a][b] = far[i][j], long[i][j]
    return Ways(_fixed(metres), _fixed(minutes), any(p.approximate for p in places), "road server")


def _fixed(table: list[list[int]]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(line) for line in table)


def _blocks(count: int) -> Iterator[tuple[range, range]]:
    """The whole table, or squares of it whose rows and columns together are no more places than a server takes."""
    if count <= MOST:
        whole = range(count)
        yield whole, whole
        return
    parts = [range(first, min(first + MOST // 2, count)) for first in range(0, count, MOST // 2)]
    yield from product(parts, parts)


def _block(address: str, rows: Sequence[Place], columns: Sequence[Place], square: bool, until: float) -> Tables:
    """Metres and minutes from each of the rows to each of the columns."""
    named = "?annotations=duration,distance"
    if not square:
        named += f"&sources={_numbers(0, len(rows))}&destinations={_numbers(len(rows), len(rows) + len(columns))}"
    points = ";".join(f"{p.longitude},{p.latitude}" for p in (rows if square else (*rows, *columns)))
    table = _asked(f"{address.rstrip('/')}/table/v1/driving/{points}{named}", until)
    if table.get("code") != "Ok":
        raise Unavailable(f"the road server finds no way between some of {len(rows) + len(columns)} places")
    far, long = (_read(table.get(name), len(rows), len(columns)) for name in ("distances", "durations"))
    return [[int(x) for x in line] for line in far], [
        [int((x / 60).to_integral_value(ROUND_CEILING)) for x in line] for line in long
    ]


def _numbers(first: int, end: int) -> str:
    return ";".join(str(n) for n in range(first, end))


def _read(table: Any, rows: int, columns: int) -> list[list[Decimal]]:
    """Figures of the size that was asked for; a way the server did not find is none, and is never made up."""
    if not isinstance(table, list) or [len(line) if isinstance(line, list) else 0 for line in table] != [columns] * rows:
        raise NoAnswer("the road server does not answer with a table of the places it was asked for")
    found = [[_figure(x) for x in line] for line in table]
    if any(x is None for line in found for x in line):
        raise Unavailable("the road server finds no way between some of the places")
    return [[x for x in line if x is not None] for line in found]


def _figure(x: Any) -> Decimal | None:
    if x is None:
        return None
    if isinstance(x, bool) or not isinstance(x, (int, Decimal)) or not 0 <= x <= FARTHEST:
        raise NoAnswer("the road server does not answer with figures")
    return Decimal(x)


def _asked(url: str, until: float) -> dict[str, Any]:
    if not url.startswith(("http://", "https://")):
        raise NoAnswer("the road server's address is no web address")
    try:
        with _OPENER.open(url, timeout=max(0.1, until - time.monotonic())) as answer:
            found = json.loads(_within(answer, until), parse_float=Decimal)
    except HTTPError as no:
        if 400 <= no.code < 500:  # it is there, and does not know one of these places
            raise Unavailable(f"the road server finds no way between some of the places: it answers {no.code}") from None
        raise NoAnswer(f"the road server does not answer: {no}") from None
    except (OSError, HTTPException, ValueError) as no:
        raise NoAnswer(f"the road server does not answer: {no}") from None
    if not isinstance(found, dict):
        raise NoAnswer("the road server does not answer with a table")
    return found


def _within(answer: Any, until: float) -> bytes:
    """All of an answer; one that comes drop by drop is none."""
    held = bytearray()
    while part := answer.read1(65536):
        held += part
        if time.monotonic() > until or len(held) > LARGEST:
            raise TimeoutError("it takes too long")
    return bytes(held)
