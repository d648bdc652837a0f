# SPDX-License-Identifier: Apache-2.0
"""A read whose SQL is made once: for questions asked of every order, where making a statement costs more than running it."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import BooleanField, F, Field, Func, QuerySet, UUIDField, Value

Among = Callable[[str], Func]  # for a filter: this column is one of the ids the reading is asked for
_ONE = UUID(int=0xA5CED)  # stands for what is asked for while the statement is made
_MANY = [_ONE]


def _is_one(column: str) -> Func:
    asked = Value(_ONE, output_field=UUIDField())
    return Func(F(column), asked, arg_joiner=" = ", template="%(expressions)s", output_field=BooleanField())


def _is_among(column: str) -> Func:
    asked = Value(_MANY, output_field=ArrayField(UUIDField()))
    return Func(F(column), asked, arg_joiner=" = ANY(", template="%(expressions)s)", output_field=BooleanField())


@dataclass(frozen=True, slots=True)
class _Statement:
    sql: str
    params: tuple[Any, ...]
    converters: tuple[tuple[int, tuple[Callable[..., Any], ...], Any], ...]


class Reading:
    """``make`` gives the query from its condition on ids; the rows are named tuples of ``columns``.

    Scope and row-level security hold as everywhere: only the text of the statement is kept, never an answer. One id is
    asked for by a statement of its own, because the server plans a list anew each time and keeps the plan for one.
    """

    def __init__(self, make: Callable[[Among], QuerySet[Any]], *columns: str) -> None:
        self._make, self._columns = make, columns
        row: Any = namedtuple("Row", columns)  # type: ignore[misc]
        self._row: Callable[[Iterable[Any]], Any] = row._make
        self._one: _Statement | None = None
        self._many: _Statement | None = None

    def __call__(self, ids: Iterable[UUID] = ()) -> list[Any]:
        """The rows of these ids, in the order of the query."""
        with connection.cursor() as cursor:
            return self._rows(cursor, self._send(cursor, list(ids)))

    def _send(self, cursor: CursorWrapper, wanted: list[UUID]) -> _Statement:
        if len(wanted) == 1:
            made = self._one = self._one or self._compiled(_is_one)
            params = [wanted[0] if p == _ONE else p for p in made.params]
        else:
            made = self._many = self._many or self._compiled(_is_among)
            params = [wanted if p == _MANY else p for p in made.params]
        cursor.execute(made.sql, params)
        return made

    def _rows(self, cursor: CursorWrapper, made: _Statement) -> list[Any]:
        rows = cursor.fetchall()
        if made.converters:
            rows = [_converted(row, made) for row in rows]
        return [self._row(row) for row in rows]

    def _compiled(self, among: Among) -> _Statement:
        compiler = self._make(among).values_list(*self._columns).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters(expression for expression, _, _ in compiler.select or ())
        return _Statement(sql, tuple(params), tuple((n, tuple(c), e) for n, (c, e) in converters.items()))


def together(readings: Iterable[Reading], ids: Iterable[UUID]) -> list[list[Any]]:
    """The rows of several readings about the same ids: all asked at once, so that the server is waited for only once."""
    wanted = list(ids)
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline(), ExitStack() as open_:
        asked = [(r, cursor := open_.enter_context(connection.cursor()), r._send(cursor, wanted)) for r in readings]
        return [reading._rows(cursor, made) for reading, cursor, made in asked]


def _converted(row: tuple[Any, ...], made: _Statement) -> list[Any]:
    found = list(row)
    for place, converters, expression in made.converters:
        for convert in converters:
            found[place] = convert(found[place], expression, connection)
    return found


def columns_of(model: Any) -> tuple[str, ...]:
    """Every column of a table by the name its instances know it by (``patient_id``)."""
    fields: Iterable[Field[Any, Any]] = model._meta.concrete_fields
    return tuple(f.attname for f in fields)
