# SPDX-License-Identifier: Apache-2.0
"""Which database: its address, its owner, and the application's own role, which owns nothing and bypasses nothing."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg
from psycopg import sql

APP_ROLE = "openinfusion_app"


def parts_of(url: str) -> dict[str, str]:
    """A database URL taken apart: name, user, password, host, port."""
    seen = urlsplit(url)
    if seen.scheme not in {"postgresql", "postgres"}:
        raise ValueError("DATABASE_URL must start with postgresql://")
    host = seen.hostname or parse_qs(seen.query).get("host", [""])[0]
    return {
        "NAME": unquote(seen.path.lstrip("/")),
        "USER": unquote(seen.username or "postgres"),
        "PASSWORD": unquote(seen.password or ""),
        "HOST": unquote(host),
        "PORT": str(seen.port or ""),
    }


def app_password(secret: str) -> str:
    """The application role's password: derived from the installation's secret, so that it is stored nowhere."""
    return hmac.new(secret.encode(), APP_ROLE.encode(), hashlib.sha256).hexdigest()


def connect_as_owner(parts: dict[str, str], name: str) -> psycopg.Connection[Any]:
    """A connection of the owner to a database of this server, outside any transaction."""
    return psycopg.connect(
        dbname=name,
        user=parts["USER"],
        password=parts["PASSWORD"] or None,
        host=parts["HOST"] or None,
        port=parts["PORT"] or None,
        client_encoding="utf8",
        autocommit=True,
    )


def ensure_database(parts: dict[str, str], maintenance: str, secret: str, template: str = "") -> bool:
    """Make the database and the application's role where they are missing. True if the database is new."""
    with connect_as_owner(parts, maintenance) as owner:
        ensure_app_role(owner, secret)
        there = owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [parts["NAME"]]).fetchone()
        if there:
            return False
        made = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE {}").format(
            sql.Identifier(parts["NAME"]),
            sql.Identifier(template or "template0"),
        )
        owner.execute(made)
        return True


def ensure_app_role(owner: psycopg.Connection[Any], secret: str) -> None:
    """The application's role: may sign in, owns nothing, is no superuser, bypasses no row-level security."""
    role = sql.Identifier(APP_ROLE)
    if not owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE]).fetchone():
        try:
            owner.execute(sql.SQL("CREATE ROLE {}").format(role))
        except psycopg.errors.Error as raced:
            if not isinstance(raced, psycopg.errors.DuplicateObject | psycopg.errors.UniqueViolation):
                raise
    owner.execute(
        sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD {}").format(
            role,
            sql.Literal(app_password(secret)),
        ),
    )


def noted(parts: dict[str, str]) -> str:
    """What was noted on the database at the end of its last installation; empty where it is not there or says nothing."""
    try:
        with connect_as_owner(parts, parts["NAME"]) as owner:
            said = owner.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
            ).fetchone()
    except psycopg.OperationalError:
        return ""
    return (said[0] if said else None) or ""


def note(parts: dict[str, str], text: str) -> None:
    """Note on the database what it was installed from."""
    with connect_as_owner(parts, parts["NAME"]) as owner:
        owner.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(parts["NAME"]), sql.Literal(text)))
