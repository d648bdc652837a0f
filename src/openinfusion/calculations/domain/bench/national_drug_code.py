# SPDX-License-Identifier: Apache-2.0
"""National Drug Codes: ten digits in three layouts, eleven digits in one."""

from __future__ import annotations

import re
from typing import Annotated, Final

from openinfusion.calculations.domain.calculation import Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import published
from openinfusion.calculations.domain.inputs import text
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused

_SOURCE: Final = published("FDA National Drug Code: 4-4-2, 5-3-2, 5-4-1; HIPAA 5-4-2", 2004)
_LAYOUTS: Final = ((4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2))
_CODE: Final = text("ndc", r"[0-9-]{10,14}", "0002-1433-80", label="NDC")
_ELEVEN: Final = text("ndc", r"[0-9]{11}|[0-9]{5}-[0-9]{4}-[0-9]{2}", "00002143380", label="NDC of 11 digits")


def ndc11(code: str) -> str:
    """An NDC in 11 digits, from 11 digits or a hyphenated 4-4-2, 5-3-2, 5-4-1 or 5-4-2; ten bare ones are ambiguous."""
    if re.fullmatch(r"[0-9]{11}", code):
        return code
    parts = code.split("-")
    if tuple(len(p) for p in parts) in _LAYOUTS and all(re.fullmatch(r"[0-9]+", p) for p in parts):
        return parts[0].zfill(5) + parts[1].zfill(4) + parts[2].zfill(2)
    raise Malformed(Fault("ndc", f"“{code}” is not an NDC; write 11 digits, or 10 with hyphens"))


def ndc10(code11: str) -> tuple[str, ...]:
    """Every ten-digit NDC that gives these eleven digits: one for each segment that begins with a zero."""
    labeler, product, package = code11[:5], code11[5:9], code11[9:]
    found = []
    if labeler.startswith("0"):
        found.append(f"{labeler[1:]}-{product}-{package}")
    if product.startswith("0"):
        found.append(f"{labeler}-{product[1:]}-{package}")
    if package.startswith("0"):
        found.append(f"{labeler}-{product}-{package[1:]}")
    return tuple(found)


@calculation(
    "ndc-11",
    "NDC in eleven digits",
    group="bench",
    formula="the short segment gets a zero in front: 5-4-2",
    source=_SOURCE,
)
def _eleven(code: Annotated[str, _CODE]) -> Worked:
    """From the hyphens on the package. Ten digits without hyphens fit three layouts and are refused."""
    if re.fullmatch(r"[0-9]{10}", code):
        raise Refused(Reason("ambiguous", "ten digits without hyphens fit three layouts", "write the hyphens of the package"))
    digits = ndc11(code)
    return Worked(results=(Verdict("ndc11", "NDC", digits, digits),))


@calculation(
    "ndc-10",
    "NDC in ten digits",
    group="bench",
    formula="one zero in front of a segment is taken away",
    source=_SOURCE,
)
def _ten(code: Annotated[str, _ELEVEN]) -> Worked:
    """Only the directory knows which zero was added; where several segments begin with one, it cannot be told."""
    found = ndc10(code.replace("-", ""))
    if not found:
        raise Refused(
            Reason("no-ten-digits", "no segment begins with a zero: these eleven digits come from no ten", "look it up")
        )
    if len(found) > 1:
        raise Refused(Reason("ambiguous", f"it may be {' or '.join(found)}", "look it up in the directory"))
    one = Verdict("ndc10", "NDC", found[0], f"{found[0]}, if a ten-digit code is behind it", "info")
    return Worked(results=(one,), warnings=(Reason("directory", "only the directory proves it"),))
