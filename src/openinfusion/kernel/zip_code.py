# SPDX-License-Identifier: Apache-2.0
"""A ZIP code as people write it; it is kept as it was given, with or without the hyphen."""

from __future__ import annotations

import re


def shown_zip(code: str) -> str:
    """Nine digits with their hyphen (62701-0001); whatever else was given as it is."""
    found = re.fullmatch(r"([0-9]{5})-?([0-9]{4})", code.strip(), re.ASCII)
    return f"{found[1]}-{found[2]}" if found else code.strip()
