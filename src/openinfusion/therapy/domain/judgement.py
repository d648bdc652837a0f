# SPDX-License-Identifier: Apache-2.0
"""How the hold parameters stood when somebody cleared a cycle or a day of it, and the override that answers them."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openinfusion.kernel.refusal import Fault, Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """``rows`` as they are kept; the tests that hold without exception, that hold, and that cannot be judged."""

    rows: Sequence[Mapping[str, str]]
    hard: tuple[str, ...] = ()
    holding: tuple[str, ...] = ()
    unjudged: tuple[str, ...] = ()
    override_code: str = ""
    override_note: str = ""
    approved_by: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        """For the guards."""
        return {"judged": True, "hard": self.hard, "holding": self.holding, "unjudged": self.unjudged,
                "overridden": bool(self.override_code)}

    @property
    def noted(self) -> dict[str, Any]:
        """For the journal."""
        return {"judged": [f"{r['test']}: {r['verdict']}, {r['text']}" for r in self.rows], "override": self.override_code,
                "approved_by": self.approved_by}

    @property
    def kept(self) -> dict[str, Any]:
        """For the row."""
        return {"judged": [dict(r) for r in self.rows], "override_code": self.override_code,
                "override_note": self.override_note.strip(), "approved_by": self.approved_by.strip()}


def checked(judgement: Judgement) -> Judgement:
    """The judgement; Malformed where an override lacks the prescriber or the words."""
    if judgement.override_code and not (judgement.approved_by.strip() and judgement.override_note.strip()):
        raise Malformed(Fault("approved_by", "an override names the prescriber who approved it, and says why in words"))
    return judgement
