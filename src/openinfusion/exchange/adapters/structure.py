# SPDX-License-Identifier: Apache-2.0
"""The structure of an X12 file judged by pyx12 (SNIP 1 and 2). It takes seconds for a big file: call it in a job."""
from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyx12.errors
import pyx12.params
import pyx12.x12n_document

NO_MAP = "pyx12 has no map for this kind of file; its structure was not checked"
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Verdict:
    """``accepted`` is None where the validator has no map: that is no fault of the file, and no pass either."""

    accepted: bool | None
    faults: tuple[str, ...] = ()


def judged(text: str) -> Verdict:
    """What the independent validator says of a file that is to leave."""
    report = io.StringIO()
    try:
        accepted = pyx12.x12n_document.x12n_document(pyx12.params.ParamsBase(), io.StringIO(text), None, None, fd_json=report)
    except pyx12.errors.EngineError:
        return Verdict(None, (NO_MAP,))
    if accepted:
        return Verdict(True)
    written = report.getvalue()
    found = tuple(_faults(json.loads(written), "")) if written.strip() else ()
    return Verdict(False, found[:SHOWN] or ("the validator rejects the file without saying why",))


def _faults(node: Any, place: str) -> Iterator[str]:
    """Every error of the report, with the segment it stands in."""
    if isinstance(node, list):
        for one in node:
            yield from _faults(one, place)
    elif isinstance(node, dict):
        if "seg_id" in node:
            place = f"{node['seg_id']} in segment {node.get('cur_line', '?')}"
        for error in node.get("errors") or ():
            yield f"{place}: {error.get('err_str', error)}".removeprefix(": ")
        for name, child in node.items():
            if name != "errors" and isinstance(child, dict | list):
                yield from _faults(child, place)
