# SPDX-License-Identifier: Apache-2.0
"""Everything a worked example gives, as it was read: each result with its label, unit and rounding; steps, warnings, tables.

The files beside this test hold the results in full, and a digest of all else that is shown. WRITE_FINDINGS=1 writes them anew;
read the difference before committing it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from openinfusion.calculations.public import GROUPS, Example, Result, Worked, ask, calculations, examples
from openinfusion.kernel.refusal import Malformed, Refused

FOLDER = Path(__file__).parent / "examples_in_full"  # one file a group
GROUP = {c.name: c.group for c in calculations()}


def shown(worked: Worked) -> Iterator[str]:
    for r in worked.results:
        if isinstance(r, Result):
            yield f"  {r.name}: {r.label}: {r} ({r.rounding}; {r.unit})"
        else:
            yield f"  {r.name}: {r.label}: {r.code} ({r.tone}): {r}"
    rest = [
        *(f"{s.text}|{s.value}|{s.unit}" for s in worked.steps), *(f"{w.code}|{w}" for w in worked.warnings),
        *(str(s) for s in worked.used), *(str(t) for t in worked.tables), *(str(c) for c in worked.curves),
    ]  # fmt: skip
    yield f"  {len(worked.steps)} steps, {len(worked.warnings)} warnings, {len(worked.tables)} tables: {digest(rest)}"


def digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def told(example: Example) -> Iterator[str]:
    yield f"{example.id} {example.calculation}"
    try:
        yield from shown(ask(example.calculation, example.given).worked)
    except Refused as no:
        yield from (f"  refused {r.code}: {r}" for r in no.reasons)
    except Malformed as no:
        yield from (f"  malformed {f.path}: {f.text}" for f in no.faults)


@pytest.mark.parametrize("group", GROUPS)
def test_the_examples_of_a_group_give_all_that_was_read(group: str) -> None:
    lines = [line for e in examples() if GROUP[e.calculation] == group for line in told(e)]
    text, file = "\n".join(lines) + "\n", FOLDER / f"{group}.txt"
    if os.environ.get("WRITE_FINDINGS"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")
