# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI description with every shape under its room's name: two rooms' shapes of one name never stand for each other."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

_SHAPES = "#/components/schemas/"


class RoomsSchema(OpenAPISchema):
    """Shapes are called ``room.Name``; where a room has two of a name, the later are ``room.Name-2`` and so on."""

    def __init__(self, api: NinjaAPI, path_prefix: str) -> None:
        self.room = ""
        self.names: dict[str, str] = {}  # of the model that is being described: as it calls a shape, as it is called here
        self.given: dict[str, Any] = {}  # by the name here, the shape as its model gave it
        super().__init__(api, path_prefix)

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        self.room = str((operation.tags or ["house"])[0])
        return super().operation_details(operation)

    def _create_schema_from_model(self, model: Any, *args: Any, **kwargs: Any) -> tuple[dict[str, Any], bool]:
        self.names = {}
        details, required = super()._create_schema_from_model(model, *args, **kwargs)
        return _renamed(details, self.names), required

    def _extract_parameters(self, model: Any) -> list[dict[str, Any]]:
        self.names = {}
        found = super()._extract_parameters(model)
        return [_renamed(one, self.names) for one in found]

    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        self.names = {name: self._name(name, definitions) for name in definitions}
        for name, part in definitions.items():
            self.schemas[self.names[name]] = _renamed(part, self.names)

    def _name(self, name: str, definitions: dict[str, Any]) -> str:
        whole, number, found = _unfolded(definitions[name], definitions), 1, f"{self.room}.{name}"
        while self.given.setdefault(found, whole) != whole:
            number += 1
            found = f"{self.room}.{name}-{number}"
        return found


def _unfolded(part: Any, definitions: dict[str, Any], within: tuple[str, ...] = ()) -> Any:
    """A shape with those it refers to in their places, so that two can be compared; one inside itself stays a name."""
    if isinstance(part, dict):
        name = str(part.get("$ref", "")).removeprefix(_SHAPES)
        if name and name not in within and name in definitions:
            return _unfolded(definitions[name], definitions, (*within, name))
        return {key: _unfolded(value, definitions, within) for key, value in part.items()}
    return [_unfolded(one, definitions, within) for one in part] if isinstance(part, list) else part


def _renamed(part: Any, names: dict[str, str]) -> Any:
    """A shape whose references are those of the description."""
    if isinstance(part, dict):
        return {
            key: _SHAPES + names.get(value.removeprefix(_SHAPES), value.removeprefix(_SHAPES))
            if key == "$ref" and isinstance(value, str) else _renamed(value, names) for key, value in part.items()
        }
    return [_renamed(one, names) for one in part] if isinstance(part, list) else part


class RoomsAPI(NinjaAPI):
    """The API of all rooms, described as above."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None) -> OpenAPISchema:
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        return RoomsSchema(self, prefix)
