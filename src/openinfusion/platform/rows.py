# SPDX-License-Identifier: Apache-2.0
"""Rows read by a key and written one by one, as every action does many times: the SQL is made once, not each time.

Django builds a statement anew each time, which costs more than PostgreSQL needs to answer it. Row-level security
keeps the rows to the organization in scope here as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from django.db import connection, models

M = TypeVar("M", bound=models.Model)
Convert = Callable[[Any], Any]
Key: TypeAlias = UUID | int | str
Field: TypeAlias = "models.Field[Any, Any]"


def row_by_id(model: type[M], id: Key, *, locked: bool = False) -> M | None:
    """The row with this id, locked until the transaction ends if asked for; None if it is not there or not yours."""
    found = rows_by(model, model._meta.pk.name, id, locked=locked)
    return found[0] if found else None


def rows_by(
    model: type[M], field: str, keys: Key | Collection[Key], *, order: tuple[str, ...] = (), locked: bool = False,
    **same: Key | None,
) -> list[M]:
    """The rows whose ``field`` (an id or a reference) is this key or one of these, sorted by the fields of ``order``.

    ``same``: other fields that must be so, too; None is what is empty.
    """
    many = not isinstance(keys, UUID | int | str)
    if many and not keys:
        return []
    names, converters = _columns(model)
    with connection.cursor() as cursor:
        sql = _select(model, field, many, order, locked, tuple((name, value is None) for name, value in same.items()))
        cursor.execute(sql, [[*keys] if many else keys, *(v for v in same.values() if v is not None)])  # type: ignore[misc, list-item]
        found = cursor.fetchall()
    for place, convert in converters:
        found = [(*row[:place], convert(row[place]), *row[place + 1 :]) for row in found]
    return [model.from_db(connection.alias, names, row) for row in found]


@cache
def _columns(model: type[models.Model]) -> tuple[list[str], list[tuple[int, Convert]]]:
    """The attributes in the order of the columns, and what makes Python values of those columns that need it."""
    fields, converters = model._meta.concrete_fields, []
    for place, field in enumerate(fields):
        column = field.cached_col
        for convert in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection)):
            converters.append((place, _bound(convert, column)))
    return [field.attname for field in fields], converters


def _bound(convert: Any, column: Any) -> Convert:
    return lambda value: convert(value, column, connection)


@cache
def _select(
    model: type[models.Model], field: str, many: bool, order: tuple[str, ...], locked: bool, same: tuple[tuple[str, bool], ...]
) -> str:
    columns = ", ".join(_column(model, f.name) for f in model._meta.concrete_fields)
    table = connection.ops.quote_name(model._meta.db_table)
    match = "ANY(%s)" if many else "%s"
    sql = f"SELECT {columns} FROM {table} WHERE {_column(model, field)} = {match}"  # noqa: S608  (names of the model)
    for name, empty in same:
        sql += f" AND {_column(model, name)} " + ("IS NULL" if empty else "= %s")
    if order:
        sql += " ORDER BY " + ", ".join(_column(model, name) for name in order)
    return sql + " FOR UPDATE" if locked else sql


def insert(row: models.Model, fields: Sequence[Field]) -> None:
    """Add the row."""
    values = [f.get_db_prep_save(f.pre_save(row, True), connection) for f in fields]
    with connection.cursor() as cursor:
        cursor.execute(_insert(type(row), tuple(f.name for f in fields)), values)


def update(model: type[models.Model], key: Key, values: Sequence[tuple[Field, object]]) -> bool:
    """Set these fields of the row with this key; whether there was one."""
    prepared = [f.get_db_prep_save(value, connection) for f, value in values]
    with connection.cursor() as cursor:
        cursor.execute(_update(model, tuple(f.name for f, _ in values)), [*prepared, key])
        return bool(cursor.rowcount)


@cache
def _insert(model: type[models.Model], names: tuple[str, ...]) -> str:
    columns = ", ".join(_column(model, name) for name in names)
    marks = ", ".join(["%s"] * len(names))
    table = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608  (names of the model, never of a request)


@cache
def _update(model: type[models.Model], names: tuple[str, ...]) -> str:
    pairs = ", ".join(f"{_column(model, name)} = %s" for name in names)
    key = _column(model, model._meta.pk.name)
    table = connection.ops.quote_name(model._meta.db_table)
    return f"UPDATE {table} SET {pairs} WHERE {key} = %s"  # noqa: S608  (names of the model)


def _column(model: type[models.Model], name: str) -> str:
    return connection.ops.quote_name(str(model._meta.get_field(name).column))  # type: ignore[union-attr]
