# SPDX-License-Identifier: Apache-2.0
"""The calc command: what can be worked out, and the answer with its way."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.table import Table

from openinfusion.calculations.public import (
    GROUPS,
    Answer,
    Calculation,
    ask,
    calculations,
    examples_of,
    named,
    said,
    shown_unit,
)
from openinfusion.kernel.refusal import Fault, Malformed, Refused


def given(pairs: tuple[str, ...]) -> dict[str, Any]:
    """``name=value`` of a command line; a value that begins with [ is JSON (rows)."""
    read: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise Malformed(Fault(pair, "write name=value, such as weight='80 kg'"))
        try:
            read[name] = json.loads(value, parse_float=str, parse_int=str) if value.lstrip().startswith("[") else value
        except json.JSONDecodeError as no:
            raise Malformed(Fault(name, f"is not JSON: {no}")) from None
    return read


def listing(console: Console) -> None:
    """Every calculation by group."""
    for code, label in GROUPS.items():
        table = Table("calculation", "inputs", title=label, title_justify="left", box=None, padding=(0, 2))
        for calculation in calculations():
            if calculation.group == code:
                table.add_row(calculation.name, ", ".join(_asked(q.input, q.required) for q in calculation.questions))
        if table.row_count:
            console.print(table)
    console.print("openinfusion calc NAME name=value …   a value carries its unit: weight='80 kg'")


def _asked(put: Any, required: bool) -> str:
    if put.kind == "amount":
        said_ = f"{put.name} {shown_unit(put.unit)}".strip()
    elif put.kind == "choice":
        said_ = f"{put.name} " + "|".join(code for code, _ in put.options)
    elif put.kind == "rows":
        said_ = f"{put.name} [" + ", ".join(_asked(c, c.name not in put.optional) for c in put.columns) + "]"
    else:
        said_ = put.name
    return said_ if required else f"({said_})"


def explain(calculation: Calculation, console: Console) -> None:
    """What one calculation asks for, and its worked examples as commands."""
    console.print(f"[bold]{calculation.title}[/bold], version {calculation.version}\n{calculation.about}\n")
    console.print(f"  {calculation.formula}\n")
    for question in calculation.questions:
        console.print(f"  {_asked(question.input, question.required)}   [dim]{question.input.label}. {question.input.note}[/dim]")
    console.print(f"\nSource: {calculation.source}")
    for example in examples_of(calculation.name):
        console.print(f"\nExample {example.id}: {example.text}. {example.expected or 'refused: ' + example.refused}")


def answered(name: str, pairs: tuple[str, ...]) -> tuple[dict[str, Any], Answer | None]:
    """The answer as JSON, or the refusal with its reasons and no answer."""
    try:
        answer = ask(name, given(pairs))
    except Refused as no:
        return {
            "calculation": name,
            "version": named(name).version,
            "refused": [{"code": r.code, "text": r.text, "clears": r.clears} for r in no.reasons],
        }, None
    return said(answer), answer


def show(answer: Answer, console: Console) -> None:
    """An answer for people: figures, warnings, the way."""
    worked, calculation = answer.worked, answer.calculation
    for result in worked.results:
        console.print(f"{result.label}: [bold]{result}[/bold]")
    for table in worked.tables:
        drawn = Table(*table.head, title=table.label, title_justify="left")
        for row in table.rows:
            drawn.add_row(*row)
        console.print(drawn)
    for warning in worked.warnings:
        console.print(f"[yellow]{warning}[/yellow]")
    console.print(f"\n[dim]{calculation.formula}   version {calculation.version}[/dim]")
    for _, label, value in answer.inputs:
        console.print(f"[dim]  {label}: {value}[/dim]")
    for step in worked.steps:
        console.print(f"[dim]  {step}[/dim]")
    for source in (calculation.source, *dict.fromkeys(worked.used)):
        console.print(f"[dim]  source: {source}[/dim]")
