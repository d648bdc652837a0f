# SPDX-License-Identifier: Apache-2.0
"""The coded reasons why a prescriber lets a cycle be given although a hold parameter speaks against it."""
from __future__ import annotations

from openinfusion.clinical.domain.figures import read_rows
from openinfusion.kernel.refusal import Fault, Malformed


def hold_overrides() -> tuple[tuple[str, str], ...]:
    """Code and text of each reason."""
    return tuple((r["code"], r["text"]) for r in read_rows("hold_overrides.toml")["row"])


def check_override(code: str) -> None:
    """Malformed where the code is none of the reasons; empty means no override."""
    if code and code not in {c for c, _ in hold_overrides()}:
        raise Malformed(Fault("override_code", f"“{code}” is no coded reason for an override"))
