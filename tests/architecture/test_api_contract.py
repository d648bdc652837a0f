# SPDX-License-Identifier: Apache-2.0
"""What the API promises in its OpenAPI: times are taken with their zone, and every JSON answer has a shape."""
from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from openinfusion.platform.api import Instant

pytestmark = pytest.mark.architecture


@pytest.fixture(scope="module")
def promised() -> dict[str, Any]:
    from openinfusion.api.routes import api

    return dict(api.get_openapi_schema())


def taken() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every parameter and every field of every body, however deep, that an operation takes.

    Read off the operations' own models: in the OpenAPI two rooms' models of one name are one.
    """
    from openinfusion.api.routes import api

    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for model in operation.models:
                    yield from _parts(model.model_json_schema(), f"{'/'.join(operation.methods)} {prefix}{path}")


def _parts(part: Any, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(part, dict):
        yield where, part
        for name, inside in part.items():
            yield from _parts(inside, where if name in {"properties", "$defs", "anyOf", "items"} else f"{where} {name}")
    elif isinstance(part, list):
        for inside in part:
            yield from _parts(inside, where)


def test_no_operation_takes_a_time_without_its_zone() -> None:
    times = [(where, part) for where, part in taken() if part.get("format") == "date-time"]
    assert len(times) > 40
    assert {where for where, part in times if "time zone" not in part.get("description", "")} == set()


@pytest.mark.parametrize("text", ["2026-11-22T06:30:00", "2026-11-22T06:30", "2026-11-22"])
def test_a_time_without_its_zone_is_refused_and_told_how(text: str) -> None:
    with pytest.raises(ValidationError, match="a time zone is needed: write the offset"):
        TypeAdapter(Instant).validate_python(text)
    assert TypeAdapter(Instant).validate_python("2026-11-22T06:30:00Z") == datetime(2026, 11, 22, 6, 30, tzinfo=UTC)


FILES = {  # answers that are a file and no JSON
    ("get", "/api/compounding/work-orders/{work_order_id}/label"): "PDF",
    ("get", "/api/compounding/work-orders/{work_order_id}/record"): "PDF",
    ("get", "/api/compounding/work-orders/{work_order_id}/pump-file"): "CSV",
    ("get", "/api/exchange/claim-files/{claim_file_id}/content"): "X12",
}


def test_every_json_answer_has_a_declared_shape(promised: dict[str, Any]) -> None:
    """Of an object each field is named; a dict stands only inside, where its keys are the data."""
    bare = {
        (method, path): f"{status}: {answer.get('content')}"
        for path, methods in promised["paths"].items() for method, operation in methods.items()
        for status, answer in operation["responses"].items() if 200 <= int(status) < 300
        and not all(_shaped(promised, c["schema"]) for c in answer.get("content", {"": {"schema": {}}}).values())
    }
    assert {k: v for k, v in bare.items() if k not in FILES} == {}
    assert set(bare) == set(FILES), "an answer that is no file any more has a shape: take it off the list"


def _shaped(promised: dict[str, Any], part: dict[str, Any]) -> bool:
    if name := part.get("$ref", "").rpartition("/")[2]:
        return _shaped(promised, promised["components"]["schemas"][name])
    if inside := part.get("anyOf") or part.get("oneOf") or part.get("allOf"):
        return all(_shaped(promised, p) for p in inside)
    if part.get("type") == "array":
        return _shaped(promised, part.get("items", {})) or bool(part.get("prefixItems"))
    return bool(part.get("properties")) or part.get("type") in {"string", "integer", "number", "boolean", "null"}


def test_the_sweep_would_see_a_bare_object(promised: dict[str, Any]) -> None:
    assert not _shaped(promised, {"type": "object", "additionalProperties": True}) and not _shaped(promised, {})
    assert _shaped(promised, {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "string"}}}})


def test_each_answer_and_body_is_described_by_its_own_shape_and_by_no_other_room_s(promised: dict[str, Any]) -> None:
    """Sixteen rooms' files have a StepIn: each operation's description holds the fields its own model has, all the way down."""
    from openinfusion.api.routes import api

    wrong, seen = [], 0
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                address = re.sub("{[^}:]+:", "{", f"/api{prefix}{path}".replace("//", "/"))
                told = promised["paths"][address][operation.methods[0].lower()]
                pairs = [(m.model_json_schema(mode="serialization"), told["responses"][status].get("content", {}))
                         for status, m in operation.response_models.items() if hasattr(m, "model_json_schema")]
                pairs += [(m.model_json_schema(), told["requestBody"]["content"])
                          for m in operation.models if getattr(m, "__ninja_param_source__", "") == "body"]
                for own, content in pairs:
                    (only,) = own["properties"].values()  # what ninja wraps: the body, the answer
                    (described,) = content.values()
                    seen += 1
                    if _fields(only, own.get("$defs", {})) != _fields(described["schema"], promised["components"]["schemas"]):
                        wrong.append((operation.methods[0], f"{prefix}{path}"))
    assert seen > 300 and wrong == []


def _fields(part: Any, shapes: dict[str, Any], within: tuple[str, ...] = ()) -> Any:
    """The names of fields, however deep."""
    if isinstance(part, list):
        return [_fields(one, shapes, within) for one in part]
    if not isinstance(part, dict):
        return None
    if len(part.get("allOf", ())) == 1:  # how a shape with a default is written
        return _fields(part["allOf"][0], shapes, within)
    if name := str(part.get("$ref", "")).rpartition("/")[2]:
        short = name.rpartition(".")[2].partition("-")[0]
        return short if short in within else _fields(shapes[name], shapes, (*within, short))
    inside = {k: _fields(v, shapes, within) for k, v in part.get("properties", {}).items()}
    return inside, [_fields(part[k], shapes, within) for k in ("items", "anyOf", "prefixItems", "additionalProperties") if k in part]
