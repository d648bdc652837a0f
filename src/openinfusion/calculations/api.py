# SPDX-License-Identifier: Apache-2.0
"""The calculations room as JSON: what can be worked out, and the answers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Schema

from openinfusion.calculations.permissions import USE
from openinfusion.calculations.public import Calculation, ask, calculations, named, said
from openinfusion.platform.api import router_for

router = router_for("calculations")


class InputOut(Schema):
    name: str
    label: str
    kind: str
    required: bool
    units: list[str]
    options: list[str]
    columns: list[str]


class CalculationOut(Schema):
    name: str
    title: str
    group: str
    version: int
    formula: str
    source: str
    about: str
    inputs: list[InputOut]


class FigureOut(Schema):
    """``value`` as it is rounded, ``exact`` before that."""

    name: str
    label: str
    value: str
    unit: str
    exact: str
    rounding: str


class VerdictOut(Schema):
    name: str
    label: str
    code: str
    text: str


class TableOut(Schema):
    name: str
    label: str
    head: list[str]
    rows: list[list[str]]


class InputSaid(Schema):
    name: str
    label: str
    value: str


class WarningOut(Schema):
    code: str
    text: str
    clears: str


class CurveOut(Schema):
    label: str
    x: str
    y: str
    points: list[tuple[str, str]]
    marks: list[tuple[str, str]]


class AnswerOut(Schema):
    """Figures as text, so that no digit is lost. ``unverified``: a source of it waits for a pharmacist's signature."""

    calculation: str
    title: str
    formula: str
    version: int
    results: list[FigureOut | VerdictOut]
    tables: list[TableOut]
    inputs: list[InputSaid]
    steps: list[str]
    warnings: list[WarningOut]
    sources: list[str]
    unverified: bool
    curves: list[CurveOut]


class Given(Schema):
    inputs: dict[str, Any]


def _out(calculation: Calculation) -> CalculationOut:
    return CalculationOut(
        name=calculation.name,
        title=calculation.title,
        group=calculation.group,
        version=calculation.version,
        formula=calculation.formula,
        source=str(calculation.source),
        about=calculation.about,
        inputs=[
            InputOut(
                name=q.input.name,
                label=q.input.label,
                kind=q.input.kind,
                required=q.required,
                units=list(getattr(q.input, "units", ())),
                options=[code for code, _ in getattr(q.input, "options", ())],
                columns=[c.name for c in getattr(q.input, "columns", ())],
            )
            for q in calculation.questions
        ],
    )


@router.get("/", response=list[CalculationOut])
def calculation_list(request: HttpRequest) -> list[CalculationOut]:
    """Every calculation with its inputs and their units."""
    request.actor.must(USE)  # type: ignore[attr-defined]
    return [_out(c) for c in calculations()]


@router.get("/{name}", response=CalculationOut)
def calculation(request: HttpRequest, name: str) -> CalculationOut:
    """One calculation."""
    request.actor.must(USE)  # type: ignore[attr-defined]
    return _out(named(name))


@router.post("/{name}", response=AnswerOut)
def calculate(request: HttpRequest, name: str, given: Given) -> dict[str, Any]:
    """Work it: amounts as text with their unit, such as "80 kg". A refusal says why and gives no figure."""
    request.actor.must(USE)  # type: ignore[attr-defined]
    return said(ask(name, given.inputs))
