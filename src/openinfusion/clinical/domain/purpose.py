# SPDX-License-Identifier: Apache-2.0
"""What an order is for: therapy, or a flush, a line lock or a rescue drug, which are no duplicates of a therapy."""

from __future__ import annotations

from functools import cache

from openinfusion.clinical.domain.figures import read_rows

EXEMPT = frozenset({"flush", "line_lock", "diluent", "rescue"})


@cache
def _by_code() -> dict[str, str]:
    rows: dict[str, list[str]] = read_rows("purposes.toml")["purpose"]
    return {code: purpose for purpose, codes in rows.items() for code in codes}


def purpose_of(drug_code: str) -> str:
    """therapy, unless the rows say otherwise."""
    return _by_code().get(drug_code, "therapy")


@cache
def diluents() -> frozenset[str]:
    """Ingredients that two products may share without being the same drug."""
    return frozenset(read_rows("purposes.toml")["shared"]["diluents"])
