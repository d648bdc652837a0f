# SPDX-License-Identifier: Apache-2.0
"""Ways by road from an OSRM server, where the operator runs one (OPENINFUSION_OSRM); never from the internet by default."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Any

from openinfusion.kernel.refusal import Unavailable
from openinfusion.planning.domain.routes.problem import Place
from openinfusion.planning.domain.travel import Ways

TIMEOUT = 10  # seconds


def ways_by_road(address: str, places: Sequence[Place]) -> Ways:
    """The server's table of minutes and metres. Unavailable where it does not answer, or finds no way between two places."""
    points = ";".join(f"{p.longitude},{p.latitude}" for p in places)
    table = _asked(f"{address.rstrip('/')}/table/v1/driving/{points}?annotations=duration,distance")
    if table.get("code") != "Ok" or any(x is None for row in table["durations"] for x in row):
        raise Unavailable(f"the road server finds no way between some of {len(places)} places")
    metres = tuple(tuple(int(Decimal(x)) for x in row) for row in table["distances"])
    minutes = tuple(tuple(int((Decimal(x) / 60).to_integral_value(ROUND_CEILING)) for x in row) for row in table["durations"])
    return Ways(metres, minutes, any(p.approximate for p in places), "road server")


def _asked(url: str) -> dict[str, Any]:
    if not url.startswith(("http://", "https://")):
        raise Unavailable("the road server's address is no web address")
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:  # noqa: S310 - the operator's own setting, http only
            found: dict[str, Any] = json.loads(answer.read(), parse_float=Decimal)
            return found
    except (urllib.error.URLError, TimeoutError, ValueError) as no:
        raise Unavailable(f"the road server does not answer: {no}") from None
