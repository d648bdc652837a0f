# SPDX-License-Identifier: Apache-2.0
"""Reading a site's own interaction source: a CSV file with the columns left, right, tier, effect and do.

left, right: an ingredient ("warfarin") or a class of this program ("anti_tnf"); tier: contraindicated, serious or
monitor; effect: what happens; do: what to do about it. UTF-8, one pair a row, at most 400,000 rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openinfusion.clinical.domain.drug_class import word
from openinfusion.clinical.domain.figures import read_rows
from openinfusion.clinical.domain.interaction import Danger, pair_of
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused

COLUMNS = ("left", "right", "tier", "effect", "do")
MOST_ROWS = 400_000
MOST_FAULTS = 20


@dataclass(frozen=True, slots=True, order=True)
class PairIn:
    """One row of an imported set, its words in alphabetical order."""

    left: str
    right: str
    tier: str
    effect: str
    do: str


def text_of(data: bytes) -> str:
    """The text of a file; Malformed if it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Malformed(Fault("file", "the file is not UTF-8 text")) from None


def read_pairs(text: str) -> tuple[PairIn, ...]:
    """The rows of a file, each once; Malformed names the first faults with their lines."""
    reader = csv.DictReader(io.StringIO(text))
    lacking = [c for c in COLUMNS if c not in (reader.fieldnames or ())]
    if lacking:
        raise Malformed(Fault("file", f"the columns {', '.join(lacking)} are missing; it needs {', '.join(COLUMNS)}"))
    return check_pairs(dict(row) for row in reader)


def check_pairs(rows: Iterator[dict[str, Any]]) -> tuple[PairIn, ...]:
    """Rows as typed, read and checked."""
    found: dict[PairIn, None] = {}
    faults: list[Fault] = []
    for number, row in enumerate(rows, 2):
        read = _pair(number, row)
        if isinstance(read, Fault):
            faults.append(read)
        else:
            found[read] = None
        if len(faults) >= MOST_FAULTS or len(found) > MOST_ROWS:
            break
    if len(found) > MOST_ROWS:
        faults.append(Fault("file", f"more than {MOST_ROWS:,} rows"))
    if not found and not faults:
        faults.append(Fault("file", "there is no row"))
    if faults:
        raise Malformed(*faults)
    return tuple(found)


def _pair(number: int, row: dict[str, Any]) -> PairIn | Fault:
    said = {name: str(row.get(name) or "").strip() for name in COLUMNS}
    left, right = pair_of(word(said["left"]), word(said["right"]))
    if not left or not right:
        return Fault(f"line {number}", "both drugs must be named")
    if said["tier"].lower() not in set(Danger):
        return Fault(f"line {number}", f"the tier “{said['tier']}” is none of {', '.join(Danger)}")
    if not said["effect"]:
        return Fault(f"line {number}", "what happens is not said")
    return PairIn(left, right, said["tier"].lower(), said["effect"], said["do"] or "look the pair up in the source")


def check_licence(name: str, version: str, licence: str) -> None:
    """Malformed where a set does not say what it is; Refused where its owner's terms are known to be others."""
    blank = [what for what, said in (("name", name), ("version", version), ("licence", licence)) if not said.strip()]
    if blank:
        raise Malformed(*(Fault(what, f"an interaction set says its {what}") for what in blank))
    for row in read_rows("licences.toml")["licence"]:
        named = any(n in word(name).replace("_", "") for n in row["names"])
        if named and not any(w in licence.lower().replace(" ", "-") for w in row["words"]):
            text = f"“{licence}” is not what the owner of {name} says: {row['licence']}. {row['source']}"
            raise Refused(Reason("licence-mismatch", text, "enter the owner's own terms, and load it only if they fit you"))
