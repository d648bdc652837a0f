# SPDX-License-Identifier: Apache-2.0
"""Typed settings, read from the environment (prefix OPENINFUSION_, and DATABASE_URL) and from var/secret."""

from __future__ import annotations

import os
import secrets
from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[3]


class Environment(BaseSettings):
    """Every setting of an installation, with its meaning. Nothing else is read from the environment."""

    model_config = SettingsConfigDict(env_prefix="OPENINFUSION_", populate_by_name=True)

    data: Path = Field(ROOT / "var", description="Folder of the embedded database, stored files, backups and the secret.")
    database_url: str = Field(
        "",
        validation_alias="DATABASE_URL",
        description="PostgreSQL 15 or newer, as its owner. Empty: the embedded server is used.",
    )
    secret: str = Field("", description="Installation secret, at least 32 characters. Empty: made once in var/secret.")
    hosts: list[str] = Field(["127.0.0.1", "localhost"], description="Host names this installation answers to.")
    port: int = Field(8000, description="Port that serve listens on, on the loopback address unless bind says otherwise.")
    bind: str = Field("127.0.0.1", description="Address that serve listens on.")
    https: bool = Field(False, description="Behind TLS: secure cookies and HSTS. Set it everywhere but on one's own machine.")
    debug: bool = Field(False, description="Development only: tracebacks on pages.")
    idle_minutes: int = Field(15, description="Sign-off after this many minutes without a request.")
    session_hours: int = Field(12, description="Sign-off after this many hours whatever happens.")
    hashed_static: bool = Field(True, description="Serve static files under hashed names; off for tests and development.")
    road_server: str = Field(
        "",
        description="Address of an OSRM server of one's own for ways on plans and routes: coordinates are all that is sent, "
        "no name and no address. Empty, or while it does not answer: the great circle by the site's figures or the house's.",
    )
    clearing_house: str = Field("", description="folder:/path or sftp://user@host:port/path; empty: files are carried by hand.")
    clearing_houses: dict[str, str] = Field(
        {}, description="More clearing houses: addresses by receiver, as JSON; trading_partners.toml names their payers.",
    )
    clearing_house_key: Path | None = Field(None, description="Private key file for SFTP to the clearing house.")
    clearing_house_known_hosts: Path | None = Field(None, description="known_hosts file with the clearing house's host key.")
    simulated_payer: bool = Field(False, description="Demonstration only: a payer that answers claims by itself.")

    def secret_key(self) -> str:
        """The installation's secret; made on first use and kept readable by its owner only."""
        if self.secret:
            return self.secret
        path = self.data / "secret"
        if not path.exists():
            self.data.mkdir(parents=True, exist_ok=True)
            made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(made, "w") as out:
                out.write(secrets.token_urlsafe(48))
        return path.read_text().strip()


@cache
def environment() -> Environment:
    """The settings in force in this process."""
    return Environment()
