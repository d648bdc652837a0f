# SPDX-License-Identifier: Apache-2.0
"""Numbers that look harmless and are not: every reader of the house refuses them, or takes exactly what is written.

The entry paths: fields of pages, bodies of the API, FHIR bundles, inputs of calculations (page, API and command line).
The only file somebody may import (interaction pairs) holds no number.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Annotated, Any, get_args, get_origin

import pytest
from django import forms
from pydantic import BaseModel, BeforeValidator, ValidationError, create_model

import openinfusion
from openinfusion.calculations.public import ask
from openinfusion.commands.calculating import given
from openinfusion.exchange.domain.fhir_bundle import decoded
from openinfusion.exchange.domain.fhir_element import Element
from openinfusion.kernel.quantity import parse_decimal, parse_whole
from openinfusion.kernel.refusal import Malformed
from openinfusion.platform.api import _DECODER, Amount, Whole
from openinfusion.platform.ui.forms import AmountField, WholeField

# fmt: off
NEVER = (
    "NaN", "nan", "sNaN", "Infinity", "-inf", "1e400", "1,000", "1.000,5", "1 000", "1'000", "1_000", "٣", "１２", "²", "½", "0x10",
    "0b1", "5e3", "5E3", "1e-3", ".5", "5.", "+5", "--5", "5-", "1/2", "5 mg", "mg", "", "1..5", "1.5.2", "5\u200b", "5\x00",
    "\u22125", "1234567890", "1.1234567", "ten", "None", "true", "0,5", "5%", "$5", "O.5", "l0", "1\u00b70",
)
# fmt: on
TOKENS = ("NaN", "Infinity", "-Infinity", "1e400", "1_000", "0x10", ".5", "5.", "+5", "٣", "1,000")  # as bare JSON


class Fields(forms.Form):
    amount = AmountField()
    whole = WholeField()


Body: type[BaseModel] = create_model("Body", amount=(Amount, ...), whole=(Whole, ...))
FAULTS = (Malformed, ValidationError, forms.ValidationError)


READERS: dict[str, Callable[[str], Any]] = {
    "typed amount": parse_decimal,
    "typed whole number": parse_whole,
    "amount of a page": lambda text: AmountField().clean(text),
    "whole number of a page": lambda text: WholeField().clean(text),
    "amount of the API": lambda text: Body(amount=text, whole=1).amount,  # type: ignore[attr-defined]
    "whole number of the API": lambda text: Body(amount=1, whole=text).whole,  # type: ignore[attr-defined]
    "input of a calculation": lambda text: ask("body-surface-du-bois", {"weight": f"{text} kg", "height": "165 cm"}),
    "calculation on the command line": lambda text: ask("body-surface-du-bois", given((f"weight={text} kg", "height=165 cm"))),
}


@pytest.mark.parametrize("text", NEVER)
@pytest.mark.parametrize("path", READERS)
def test_no_reader_takes_a_number_that_is_none(path: str, text: str) -> None:
    with pytest.raises(FAULTS):
        READERS[path](text)


@pytest.mark.parametrize(
    ("text", "value"), [("1250", "1250"), ("0.5", "0.5"), ("2.50", "2.5"), (" 12 ", "12"), ("-0", "0"), ("007", "7")]
)
def test_what_is_plainly_written_is_taken_as_it_stands(text: str, value: str) -> None:
    assert parse_decimal(text) == AmountField().clean(text) == Body(amount=text, whole=1).amount == Decimal(value)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "raw", [0.1, 1e3, True, None, [], {}, Decimal("NaN"), Decimal("5E+3"), Decimal("1.1234567"), Decimal(10) ** 9]
)
def test_the_api_takes_no_float_no_flag_and_no_power_of_ten(raw: Any) -> None:
    with pytest.raises(ValidationError):
        Body(amount=raw, whole=1)


@pytest.mark.parametrize("raw", [1.0, True, None, Decimal("5.0"), "5.0", 10**9])
def test_a_whole_number_of_the_api_is_whole(raw: Any) -> None:
    with pytest.raises(ValidationError):
        Body(amount=1, whole=raw)


@pytest.mark.parametrize("token", TOKENS)
def test_json_with_such_a_number_is_no_json(token: str) -> None:
    body = f'{{"amount": {token}}}'.encode()
    try:
        read = _DECODER.decode(body)
    except ValueError:
        read = None
    if read is not None:  # 1e400 is JSON; it is no amount
        with pytest.raises(ValidationError):
            Body(amount=read["amount"], whole=1)


@pytest.mark.parametrize("token", [*TOKENS, '"5"', "true", "null", "[]", "1e9", "1.1234567", "0.0000001", "-1e12"])
def test_a_fhir_number_is_exact_or_a_fault(token: str) -> None:
    faults: list[Any] = []
    try:
        element = Element(decoded(f'{{"value": {token}}}'.encode()), "Bundle", faults)
    except Malformed:
        return
    assert element.number("value", required=True) is None and faults


def test_a_fhir_decimal_keeps_every_digit_it_has() -> None:
    faults: list[Any] = []
    read = Element(decoded(b'{"a": 0.1, "b": 2.50, "c": 5e3}'), "Bundle", faults)
    assert (read.number("a"), read.number("b"), read.number("c")) == (Decimal("0.1"), Decimal("2.50"), 5000) and not faults


MIXED_UP = [
    ("body-surface-du-bois", {"weight": "70 mL", "height": "165 cm"}), ("body-surface-du-bois", {"weight": "70 cm", "height": "165 kg"}),
    ("body-surface-du-bois", {"weight": "70", "height": "165"}), ("body-surface-du-bois", {"weight": "70 mg/kg", "height": "165 cm"}),
    ("body-surface-du-bois", {"weight": "70 kg", "height": "165 in/h"}), ("body-surface-du-bois", {"weight": "70 kg", "height": "65 cm2"}),
    ("dose-by-weight", {"dose": "15 mg", "weight": "70 kg"}), ("dose-by-weight", {"dose": "15 mEq/kg", "weight": "70 kg"}),
    ("dose-by-weight", {"dose": "15 mg/kg", "weight": "70 mL"}), ("dose-by-weight", {"dose": "15 mg/kg/h", "weight": "70 kg"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "inputs"), MIXED_UP)
def test_a_unit_of_another_kind_is_never_converted(name: str, inputs: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        ask(name, inputs)


def modules(*last: str) -> Iterator[Any]:
    for room in pkgutil.iter_modules(openinfusion.__path__, "openinfusion."):
        for name in last:
            try:
                found = importlib.import_module(f"{room.name}.{name}")
            except ModuleNotFoundError:
                continue
            yield found
            for inner in pkgutil.iter_modules(getattr(found, "__path__", ()), f"{found.__name__}."):
                yield importlib.import_module(inner.name)


def test_no_form_of_the_house_reads_a_number_loosely() -> None:
    loose = []
    for module in modules("web"):
        for name, form in inspect.getmembers(module, inspect.isclass):
            if issubclass(form, forms.BaseForm) and form.__module__.startswith("openinfusion"):
                for field_name, field in getattr(form, "base_fields", {}).items():
                    if isinstance(field, forms.IntegerField) and not isinstance(field, WholeField):
                        loose.append(f"{form.__module__}.{name}.{field_name}")
    assert loose == []


def test_no_body_of_the_api_reads_a_number_loosely() -> None:
    loose: set[str] = set()
    for body in bodies():
        for name, field in body.model_fields.items():
            strict = any(isinstance(m, BeforeValidator) for m in field.metadata)
            loose |= {
                f"{body.__module__}.{body.__name__}.{name}"
                for t in bare(field.annotation)
                if not strict and t in (int, float, Decimal)
            }
    assert loose == set()


def bare(annotation: Any) -> Iterator[Any]:
    """The types in an annotation, without those that are read by a validator of their own."""
    if get_origin(annotation) is Annotated:
        return
    if get_origin(annotation) is None:
        yield annotation
    for inner in get_args(annotation):
        yield from bare(inner)


def bodies() -> set[type[BaseModel]]:
    """What the operations of all rooms take in, with everything inside."""
    from openinfusion.api.routes import api

    found: set[type[BaseModel]] = set()
    for _, router in api._routers:
        for view in router.path_operations.values():
            for operation in view.operations:
                for model in operation.models:
                    if getattr(model, "__ninja_param_source__", "") == "body":
                        _collect(model, found)
    return found


def _collect(model: Any, found: set[type[BaseModel]]) -> None:
    if inspect.isclass(model) and issubclass(model, BaseModel) and model not in found:
        found.add(model)
        for field in model.model_fields.values():
            for inner in bare(field.annotation):
                _collect(inner, found)


def test_the_sweep_sees_the_bodies() -> None:
    assert len(bodies()) > 50 and json.dumps(sorted(b.__name__ for b in bodies())).count("OrderIn")
