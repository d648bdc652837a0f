# SPDX-License-Identifier: Apache-2.0
"""Codes in the data files are true codes: a wrong digit would let a result pass by unnoticed."""

from __future__ import annotations

import re
from pathlib import Path

import openinfusion
from openinfusion.catalog.domain.template_text import is_loinc

ROOT = Path(openinfusion.__file__).parent
_LOINC = re.compile(r"[\"'|](\d{3,5}-\d)(?=[\"'|])")


def test_every_loinc_code_on_file_has_a_true_check_digit() -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), code)
        for path in sorted(ROOT.rglob("data/**/*.toml"))
        for code in _LOINC.findall(path.read_text(encoding="utf-8"))
    }
    assert len(found) > 100
    assert [where for where in sorted(found) if not is_loinc(where[1])] == []
