# SPDX-License-Identifier: Apache-2.0
"""The forms of a phone beside the record: why a visit does not take place, and a note for the next nurse."""
from __future__ import annotations

from typing import Any

from openinfusion.nursing.domain.miss import TOLD, MissKind, NextStep, must_tell, reasons
from openinfusion.nursing.domain.visit_form import FieldKind

_K = FieldKind


def phone_forms() -> dict[str, dict[str, Any]]:
    """Each in the shape of a section."""
    return {
        "miss": _form("miss", "It does not take place", (
            ("kind", "Missed or refused", _K.ONE, [(k.value, k.value) for k in MissKind], True),
            ("reason_code", "Why", _K.ONE, list(reasons().items()), True),
            ("next_step", "What comes next", _K.ONE, [(n.value, n.value.replace("_", " ")) for n in NextStep], True),
            ("told", "Who was told", _K.SEVERAL, [(t, t) for t in TOLD], False),
            ("text", "In words", _K.TEXT, [], False),
        )),
        "handover": _form("handover", "Hand over to the next nurse", (
            ("situation", "Situation: what is going on", _K.LONG, [], True),
            ("background", "Background", _K.LONG, [], False),
            ("assessment", "Assessment", _K.LONG, [], False),
            ("recommendation", "What you recommend", _K.LONG, [], True),
        )),
    }


def to_tell() -> dict[str, list[str]]:
    """By reason: who has to be told before it is on record."""
    return {code: list(must_tell(code)) for code in reasons()}


def _form(code: str, title: str, fields: tuple[tuple[str, str, FieldKind, list[tuple[str, str]], bool], ...]) -> dict[str, Any]:
    rows = [
        {"name": name, "label": label, "kind": kind.value, "options": options, "required": required, "unit": "", "told": False,
         "at_least": 0, "when": None, "lowest": None, "highest": None}
        for name, label, kind, options, required in fields
    ]
    return {"code": code, "title": title, "repeats": False, "fields": rows}
