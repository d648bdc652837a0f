# SPDX-License-Identifier: Apache-2.0
"""Test support, loaded by pytest before Django: a database of its own, an organization, people, told news.

Tests of kind ``integration`` run inside a transaction that is rolled back. Tests that need commits (threads, browser)
ask for ``committed``: each gets a fresh organization, and row-level security keeps them apart; nothing is flushed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
import pytest_django

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "a long test password"  # noqa: S105  (of accounts in tests)
_WORK = ROOT / "var" / "test"

os.environ.setdefault("OPENINFUSION_DATA", str(_WORK))
os.environ.setdefault("OPENINFUSION_SECRET", "a secret for tests only, long enough for anybody")
os.environ.setdefault("OPENINFUSION_HASHED_STATIC", "0")
os.environ.setdefault("OPENINFUSION_HOSTS", '["localhost", "127.0.0.1", "testserver"]')
_WORK.mkdir(parents=True, exist_ok=True)
if not os.environ.get("DATABASE_URL"):
    from openinfusion.platform import embedded

    os.environ["DATABASE_URL"] = embedded.start(_WORK / "postgres").replace("/postgres?", "/openinfusion?")

from openinfusion.kernel.roles import Role  # noqa: E402  (the environment must be set first)
from openinfusion.platform.actor import Actor  # noqa: E402


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item], config: pytest.Config) -> None:
    """A test's folder decides its mark and its rights."""
    for item in items:
        parts = item.path.relative_to(config.rootpath).parts
        kind = parts[1] if parts[0] == "tests" else parts[0]
        if kind in {"architecture", "unit", "property", "spec", "integration", "concurrency", "e2e"}:
            item.add_marker(getattr(pytest.mark, kind))
        if kind == "integration":  # the others ask for the database themselves
            item.add_marker(pytest.mark.django_db)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest_django.DjangoDbBlocker, worker_id: str) -> Iterator[None]:
    """A migrated database for this worker, copied from a template that is made anew when a migration changed."""
    from django.conf import settings
    from django.db import connections

    from openinfusion.platform.testing_database import dropped, prepared

    with django_db_blocker.unblock():
        name = prepared(settings.OWNER, f"test_{worker_id}_{os.getpid()}")
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = name
        connections["default"].settings_dict["OPTIONS"].pop("pool", None)
    yield
    with django_db_blocker.unblock():
        connections["default"].close()
        dropped(settings.OWNER, name)


def fresh_organization(name: str) -> UUID:
    """An organization of its own, committed."""
    from openinfusion.platform.installation import new_organization

    return new_organization(name)


@pytest.fixture
def organization_id(request: pytest.FixtureRequest) -> UUID:
    """A fresh organization, committed, so that threads and browsers see it too."""
    request.getfixturevalue("django_db_setup")
    with request.getfixturevalue("django_db_blocker").unblock():
        return fresh_organization("Test Infusion")


@pytest.fixture
def other_organization_id(request: pytest.FixtureRequest) -> UUID:
    """Another tenant, to prove that nothing crosses."""
    request.getfixturevalue("django_db_setup")
    with request.getfixturevalue("django_db_blocker").unblock():
        return fresh_organization("Other Infusion")


@pytest.fixture
def scope(organization_id: UUID, db: None) -> Iterator[UUID]:
    """Inside the fresh organization's scope."""
    from openinfusion.platform.scope import entered

    with entered(organization_id):
        yield organization_id


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    """Real commits: no test transaction, nothing rolled back; isolation by organization.

    A browser's event loop sees a connection of its own, which a restore of the database before it has cut.
    """
    from django.db import connection

    with django_db_blocker.unblock():
        if connection.connection is not None and not connection.is_usable():
            connection.close()
        yield


@pytest.fixture
def someone(organization_id: UUID) -> Callable[..., Actor]:
    """someone(Role.PHARMACIST, name=..., site_id=..., signed=True) → an Actor with these roles."""
    return people_of(organization_id)


def people_of(organization_id: UUID) -> Callable[..., Actor]:
    """Makes actors of an organization, as the fixture ``someone`` does of the test's own."""
    from openinfusion.kernel.ids import new_id
    from openinfusion.platform.permissions import actor_with

    def make(*roles: Role, name: str = "", site_id: UUID | None = None, signed: bool = False) -> Actor:
        actor = actor_with(
            id=new_id(),
            name=name or (roles[0].label if roles else "Nobody"),
            organization_id=organization_id,
            roles=frozenset(roles),
            site_id=site_id,
        )
        return actor.signing("test") if signed else actor

    return make


@pytest.fixture
def account(organization_id: UUID) -> Callable[..., object]:
    """account(Role.PHARMACIST, password=...) → a User who can sign in, with role grants."""
    from openinfusion.platform.models import RoleGrant, User

    def make(*roles: Role, password: str = PASSWORD, name: str = "", site_id: UUID | None = None) -> User:
        from openinfusion.kernel.ids import new_id

        user = User.objects.create_user(
            f"{new_id().hex}@example.org",
            password,
            name=name or (roles[0].label if roles else "Nobody"),
            organization_id=organization_id,
            home_site_id=site_id,
        )
        for role in roles:
            RoleGrant.objects.create(organization_id=organization_id, user=user, role=role.value)
        return user

    return make


@pytest.fixture
def tell_news(organization_id: UUID) -> Callable[[], int]:
    """Tell all news that was written, and the news that this wrote, until there is none."""
    return teller_of(organization_id)


def teller_of(organization_id: UUID) -> Callable[[], int]:
    """Tells the news of an organization, as the fixture ``tell_news`` does of the test's own."""
    from openinfusion.platform.news import sweep

    def tell() -> int:
        told = 0
        while found := sweep(organization_id):
            told += found
        return told

    return tell


@pytest.fixture
def shared() -> Path:
    """The folder of real samples beside the project; the test is skipped where it is absent."""
    found = ROOT.parent / "shared"
    if not found.is_dir():
        pytest.skip("real samples are not beside the project (../shared): a fresh machine has the project alone")
    return found


@pytest.fixture(autouse=True)
def _own_file_store(settings: object) -> None:
    """Files of tests go to a folder that is thrown away."""
    settings.FILE_STORE = Path(tempfile.gettempdir()) / "openinfusion-test-files"  # type: ignore[attr-defined]
