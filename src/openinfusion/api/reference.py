# SPDX-License-Identifier: Apache-2.0
"""The API's reference page: read off the OpenAPI description, rendered here, so that no script comes from elsewhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from openinfusion.api.routes import api
from openinfusion.platform.web import Request, reads, show


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: what it is called, what it takes and what it gives."""

    method: str
    path: str
    summary: str
    takes: tuple[str, ...]
    body: str
    gives: str


@dataclass(frozen=True, slots=True)
class ApiPage:
    rooms: tuple[tuple[str, tuple[Operation, ...]], ...]


@reads()
def reference(request: Request) -> HttpResponse:
    schema = api.get_openapi_schema()
    rooms: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method, said in methods.items():
            rooms.setdefault(said.get("tags", ["other"])[0], []).append(_operation(schema, method.upper(), path, said))
    return show(request, "ui/api.html", ApiPage(tuple((room, tuple(found)) for room, found in rooms.items())))


def _operation(schema: Any, method: str, path: str, said: Any) -> Operation:
    takes = tuple(f"{p['name']} ({p['in']})" for p in said.get("parameters", ()))
    content = said.get("requestBody", {}).get("content", {})
    body = next((_shape(schema, c["schema"]) for c in content.values()), "")
    answer = said["responses"].get(200, {}).get("content", {})
    gives = next((_shape(schema, c["schema"]) for c in answer.values()), "")
    return Operation(method, path, said.get("description") or said.get("summary", ""), takes, body, gives)


def _shape(schema: Any, part: Any) -> str:
    """A schema as readable JSON, references followed one level deep."""
    if "$ref" in part:
        part = schema["components"]["schemas"][part["$ref"].rpartition("/")[2]]
    if part.get("type") == "array":
        return f"[{_shape(schema, part['items'])}]"
    fields = {name: _kind(p) for name, p in part.get("properties", {}).items()}
    return json.dumps(fields, indent=1) if fields else part.get("type", "")


def _kind(part: Any) -> str:
    if "$ref" in part:
        return str(part["$ref"].rpartition("/")[2])
    if "anyOf" in part:
        return " or ".join(_kind(p) for p in part["anyOf"])
    if part.get("type") == "array":
        return f"list of {_kind(part['items'])}"
    return str(part.get("format") or part.get("type") or "any")
