# SPDX-License-Identifier: Apache-2.0
"""PDF documents by typst: data go in as data, never as source; fonts come with the product, never from the machine."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from openinfusion.platform.journal import plain


@cache
def _fonts() -> typst.Fonts:
    """IBM Plex where the asset step has run, typst's own fonts otherwise."""
    folder = settings.DATA / "assets" / "fonts"
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)] if folder.exists() else []
    )


def pdf(template: Path, data: dict[str, Any]) -> bytes:
    """A PDF of this template; it reads its data with ``json(bytes(sys.inputs.data))``."""
    made = typst.compile(str(template), format="pdf", sys_inputs={"data": json.dumps(plain(data))}, font_paths=_fonts())
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single document")
    return made
