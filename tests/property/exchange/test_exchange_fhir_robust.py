# SPDX-License-Identifier: Apache-2.0
"""Whatever arrives, the FHIR reader answers a referral or names the faults; it never fails otherwise."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openinfusion.exchange.domain.fhir_referral import read_referral
from openinfusion.kernel.refusal import Malformed

LEAVES = st.none() | st.booleans() | st.integers(-10, 10) | st.text(max_size=8) | st.builds(list) | st.builds(dict) | st.floats(allow_nan=False, allow_infinity=False)


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [at] if at else []
    if isinstance(value, dict):
        for key in value:
            found += paths(value[key], (*at, key))
    elif isinstance(value, list):
        for n, one in enumerate(value):
            found += paths(one, (*at, n))
    return found


def _whole() -> dict[str, Any]:
    import importlib.util

    file = Path(__file__).parents[2] / "unit" / "exchange" / "test_exchange_fhir.py"
    spec = importlib.util.spec_from_file_location("whole_bundle", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, Any] = module.bundle()
    return found


WHOLE = _whole()
PATHS = paths(WHOLE)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PATHS), LEAVES), min_size=1, max_size=4))
def test_a_bundle_with_broken_elements_is_read_or_malformed(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    raw = json.loads(json.dumps(WHOLE))
    for path, leaf in changes:
        holder = raw
        try:
            for key in path[:-1]:
                holder = holder[key]
            holder[path[-1]] = leaf
        except (TypeError, KeyError, IndexError):
            continue
    try:
        seen, _ = read_referral(json.dumps(raw).encode())
    except Malformed as no:
        assert no.faults and all(f.path.startswith("Bundle") for f in no.faults)
    else:
        assert seen.person.family and seen.person.given


@given(st.binary(max_size=200))
def test_bytes_are_never_anything_but_malformed(data: bytes) -> None:
    try:
        read_referral(data)
    except Malformed:
        return
    raise AssertionError("random bytes became a referral")
