# SPDX-License-Identifier: Apache-2.0
"""The demo command: a pharmacy to look at, loaded once, served until Ctrl-C."""

from __future__ import annotations

import os
import shutil
import time

from psycopg import sql
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from openinfusion.commands.start import connect, django_ready
from openinfusion.demo.cast import DOMAIN, said
from openinfusion.platform import embedded
from openinfusion.platform.database import connect_as_owner, parts_of
from openinfusion.platform.environment import environment

SHOWN_ROLES = (
    ("intake", "Intake coordinator"),
    ("authorization", "Authorization specialist"),
    ("pharmacist", "Pharmacist"),
    ("technician", "Pharmacy technician"),
    ("buyer", "Buyer"),
    ("warehouse", "Warehouse and shipping"),
    ("driver", "Driver"),
    ("nurse", "Infusion nurse"),
    ("nurse_manager", "Clinical nurse manager"),
    ("suite_scheduler", "Suite scheduler"),
    ("biller", "Biller"),
    ("compliance", "Compliance officer"),
    ("executive", "Executive"),
    ("administrator", "Administrator"),
)


def forget() -> None:
    """Throw away the demonstration: its database and its stored files. Call it before anything is connected."""
    data = environment().data
    if not environment().database_url:
        embedded.stop(data / "postgres")
    for name in ("files", "static") if environment().database_url else ("postgres", "files", "static"):
        shutil.rmtree(data / name, ignore_errors=True)
    if environment().database_url:
        owner = parts_of(environment().database_url)
        with connect_as_owner(owner, "postgres") as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(owner["NAME"])))


def load_once(console: Console) -> None:
    """Load the demonstration pharmacy unless there is one."""
    owner = parts_of(connect())
    with connect_as_owner(owner, owner["NAME"]) as connection:
        there = connection.execute("SELECT 1 FROM platform_organization WHERE is_demo").fetchone()
    if there:
        console.print("· the demonstration pharmacy is there, with all that was done in it")
        return
    django_ready()
    from openinfusion.demo.load import load

    begun = time.monotonic()
    with Progress(
        TextColumn("· {task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    ) as bar:
        task = bar.add_task("opening the house", total=100)
        loaded = load(lambda *step: _show(console, bar, task, *step), processes=os.cpu_count() or 1)
    console.print(f"· the demonstration pharmacy was loaded: {loaded.acts:,} acts in {time.monotonic() - begun:.0f} s")


def _show(console: Console, bar: Progress, task: TaskID, what: str, done: int, total: int) -> None:
    """A bar on a terminal; a line for every tenth elsewhere, so that a log shows that it goes on."""
    share = 100 * done // max(total, 1)
    if not console.is_terminal and share // 10 > int(bar.tasks[0].completed) // 10:
        console.print(f"·   {what}: {share} %")
    bar.update(task, description=what, completed=share)


def _own_page() -> str:
    """The path, the code and the date of birth with which a patient of the demonstration comes in; empty where there is none."""
    django_ready()
    from django.db import connections
    from django.urls import reverse

    from openinfusion.demo.own_page import door
    from openinfusion.platform.models import Organization

    demonstration = Organization.objects.filter(is_demo=True).order_by("id").first()
    found = door(demonstration.id) if demonstration else None
    connections.close_all()
    if found is None:
        return ""
    return f"{reverse('portal:my_door', args=[found.token])}   code: {found.code}   born {found.born_on:%d-%b-%Y}"


def greet(console: Console, port: int) -> None:
    """The address, one login per role, and the way into one patient's own page, which is new at each start."""
    table = Table(
        "Role", "Sign in as", title=f"http://{environment().bind}:{port}/   password: {said()['password']}", title_justify="left"
    )
    for key, label in SHOWN_ROLES:
        table.add_row(label, f"{key}@{DOMAIN}")
    console.print(table)
    if way := _own_page():
        console.print(f"A patient's own page: http://{environment().bind}:{port}{way}", soft_wrap=True)
    console.print("Everything here is made up. Ctrl-C stops it; make demo-reset starts over.")
