# SPDX-License-Identifier: Apache-2.0
"""The command's verbs."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from openinfusion.calculations.public import named
from openinfusion.commands import calculating, planning, serving
from openinfusion.commands import demo as demonstration
from openinfusion.commands.start import connect, django_ready, prepare
from openinfusion.kernel.refusal import Broken, Malformed, NotFound, Refused, Unavailable
from openinfusion.platform import assets as asset_step
from openinfusion.platform.environment import environment

console = Console(highlight=False)
trouble = Console(stderr=True, highlight=False)


class Told(click.Group):
    """A group whose refusals are said plainly, with exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (Refused, Malformed, NotFound, Broken, Unavailable) as no:
            trouble.print(f"[red]{type(no).__name__}[/red]: {no}", soft_wrap=True)
            ctx.exit(1)


@click.group(cls=Told, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="openinfusion")
def main() -> None:
    """The open operating system of an infusion pharmacy."""


@main.command()
@click.option("--port", type=int, default=None, help="Port; OPENINFUSION_PORT or 8000 without it.")
@click.option("--workers", type=int, default=2, show_default=True, help="Processes that answer requests.")
def serve(port: int | None, workers: int) -> None:
    """Serve the pages and run the worker; Ctrl-C stops both and the embedded database."""
    prepare(console)
    sys.exit(serving.serve(port or environment().port, workers, lambda: console.print("Serving. Ctrl-C stops.")))


@main.command()
@click.option("--reset", is_flag=True, help="Throw away what is there and load anew.")
@click.option("--port", type=int, default=None, help="Port; OPENINFUSION_PORT or 8000 without it.")
@click.option("--load-only", is_flag=True, help="Load and stop, without serving.")
def demo(reset: bool, port: int | None, load_only: bool) -> None:
    """Load the demonstration pharmacy (once) and serve it, with one login per role."""
    if reset:
        demonstration.forget()
    prepare(console)
    demonstration.load_once(console)
    at = port or environment().port
    if not load_only:
        sys.exit(serving.serve(at, 2, lambda: demonstration.greet(console, at)))


@main.command()
@click.argument("name", required=False)
@click.argument("values", nargs=-1, metavar="[name=value]...")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def calc(name: str | None, values: tuple[str, ...], as_json: bool) -> None:
    """List the calculations; explain NAME; or work it with its inputs, each with its unit. Exit 3: refused."""
    if not name:
        calculating.listing(console)
    elif not values and not as_json:
        calculating.explain(named(name), console)
    else:
        found, answer = calculating.answered(name, values)
        if as_json:
            click.echo(json.dumps(found, indent=2))
        elif answer:
            calculating.show(answer, console)
        if answer is None:
            if not as_json:
                for reason in found["refused"]:
                    trouble.print(f"[red]Refused[/red]: {reason['text']}", soft_wrap=True)
            sys.exit(3)


@main.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--seconds", type=click.FloatRange(0.1, 3600), default=10, show_default=True, help="How long to search.")
@click.option("--seed", type=click.IntRange(1, 2**31), default=1, show_default=True, help="Where chance begins.")
@click.option("--engine", type=click.Choice(["auto", "insertion", "vroom", "pyvrp", "order"]), default="auto", show_default=True,
              help="Which solver; auto takes what the problem needs.")
@click.option("--cores", type=click.IntRange(1, 64), default=None,
              help="To search a large day on; all of this machine otherwise.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def plan(path: Path, seconds: float, seed: int, engine: str, cores: int | None, as_json: bool) -> None:
    """Plan the routes of FILE: own JSON, Solomon, VRPLIB or home-care JSON. Exit 4: something is not placed; 5: check failed."""
    on = cores or os.cpu_count() or 1
    file, found, document = planning.solved(path, seconds, seed, engine, environment().road_server, on)
    if as_json:
        click.echo(json.dumps(document, indent=1, ensure_ascii=False))
    else:
        planning.show(file, found, document, console)
    sys.exit(planning.exit_code(document))


@main.command()
def worker() -> None:
    """Run jobs only, on any machine that reaches the database."""
    serving.work()


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def doctor(as_json: bool) -> None:
    """Say what is wrong with this installation and how to mend it. Exit code 1 if anything is."""
    django_ready()
    from openinfusion.platform.doctor import examine

    found = list(examine())
    if as_json:
        click.echo(json.dumps([asdict(f) for f in found], indent=1))
    else:
        table = Table("", "Looked at", "Seen", "Mend")
        for f in found:
            table.add_row("[green]well[/green]" if f.well else "[red]ill[/red]", f.name, f.seen, "" if f.well else f.mend)
        console.print(table)
    sys.exit(0 if all(f.well for f in found) else 1)


@main.group()
def journal() -> None:
    """The journal."""


@journal.command()
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def verify(as_json: bool) -> None:
    """Walk every organization's chain; exit code 1 if an entry was changed, removed or cut off."""
    django_ready()
    from openinfusion.platform import journal as chain
    from openinfusion.platform.jobs import organizations
    from openinfusion.platform.models import Entry
    from openinfusion.platform.scope import entered

    answer: list[dict[str, Any]] = []
    for organization_id in organizations():
        with entered(organization_id):
            flaws = [asdict(flaw) for flaw in chain.verify()]
            answer.append({"organization": str(organization_id), "entries": Entry.objects.count(), "flaws": flaws})
    if as_json:
        click.echo(json.dumps(answer, indent=1))
    for one in [] if as_json else answer:
        console.print(f"{one['organization']}: {one['entries']} entries, {len(one['flaws'])} flaws")
        for flaw in one["flaws"]:
            console.print(f"  [red]{flaw['number']}[/red] {flaw['text']}")
    sys.exit(1 if any(one["flaws"] for one in answer) else 0)


@main.command()
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
def backup(target: Path) -> None:
    """Write database and stored files into one archive, with a manifest that proves them."""
    django_ready()
    from openinfusion.platform.backup import backup as write

    manifest = write(target)
    console.print(f"{target}: database and {len(manifest['files'])} files")


@main.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Overwrite the database that is there.")
def restore(source: Path, replace: bool) -> None:
    """Bring a backup back and prove it against its manifest."""
    django_ready()
    from openinfusion.platform.backup import restore as bring_back

    manifest = bring_back(source, replace=replace)
    console.print(f"restored the backup of {manifest['made_at']}: {len(manifest['files'])} files, journal heads agree")


@main.command(name="import")
@click.argument("kind", type=click.Choice(["fhir", "835", "interactions", "hcpcs"]))
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--as", "email", required=True, help="The account in whose name it is done.")
@click.option("--name", default="", help="interactions: the name of the source.")
@click.option("--edition", default="", help="interactions: its version.")
@click.option("--licence", default="", help="interactions: the owner's terms under which you use it.")
@click.option("--first", type=click.DateTime(["%Y-%m-%d"]), help="hcpcs: the first day it holds for.")
@click.option("--source", default="", help="hcpcs: who published it, and which edition.")
@click.option("--whole", is_flag=True, help="hcpcs: the list is whole, so a code that is absent has ended.")
@click.option("--take", is_flag=True, help="hcpcs: take what it changes; without it the difference is only shown.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def bring_in(
    kind: str, path: Path, email: str, name: str, edition: str, licence: str, first: datetime | None, source: str, whole: bool,
    take: bool, as_json: bool,
) -> None:
    """Import a FHIR R4 bundle as a referral, an 835 as remittances (the same file twice changes nothing), or interactions.

    An interaction file is CSV with the columns left, right, tier (contraindicated, serious, monitor), effect, do. A list of
    billing codes (hcpcs) shows what it changes, with the contracts and drugs on the codes that end; --take takes it.
    """
    django_ready()
    from openinfusion.commands import moving

    by = moving.actor_named(email)
    if kind == "hcpcs":
        if first is None:
            raise click.UsageError("say by --first from which day the list holds")
        said = moving.load_codes(path, first.date(), source, whole, take, by)
        click.echo(moving.written(said) if as_json else moving.codes_in_words(said))
        return
    if kind == "interactions":
        made = [str(moving.load_interactions(path, name, edition, licence, by))]
    else:
        made = [str(one) for one in moving.bring_in(kind, path, by)]
    click.echo(moving.written({"kind": kind, "ids": made}) if as_json else f"{kind}: {', '.join(made)}")


@main.group()
def x12() -> None:
    """X12 files: claims, remittances, eligibility, authorizations, acknowledgements."""


@x12.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.option("--all", "everything", is_flag=True, help="Show every finding, not only the first 40.")
def inspect(path: Path, as_json: bool, everything: bool) -> None:
    """Say what an X12 file holds and whether its sums agree. Changes nothing. Exit 3: refused; 4: read, with findings."""
    django_ready()
    from openinfusion.commands import x12 as inspecting
    from openinfusion.exchange import public as exchange

    found = exchange.inspect(path.read_bytes())
    if as_json:
        click.echo(json.dumps({"file": path.name, **exchange.plain(found)}, indent=1, ensure_ascii=False))
    elif found.refused is not None:
        segment, element, reason = found.refused
        where = f"segment {segment}" + (f", {element}" if element else "") if segment else "file"
        trouble.print(f"[red]Refused[/red]: {where}: {reason}", soft_wrap=True)
    else:
        inspecting.show(found, console, everything)
    sys.exit(inspecting.exit_code(found))


@main.group()
def export() -> None:
    """Take something out."""


@export.command()
@click.argument("mrn")
@click.option("--as", "email", required=True, help="The account in whose name it is done; the export is journalled.")
@click.option(
    "--to", "target", type=click.Path(path_type=Path, dir_okay=False), default=None, help="File; standard output without it."
)
def chart(mrn: str, email: str, target: Path | None) -> None:
    """A patient's whole chart as JSON, by record number."""
    django_ready()
    from openinfusion.commands import moving

    text = moving.written(moving.chart_of(mrn, moving.actor_named(email)))
    if target is None:
        click.echo(text)
    else:
        target.write_text(text, encoding="utf-8")
        console.print(f"written to {target}")


@main.command()
def install() -> None:
    """Make the database, its tables and walls; safe to repeat."""
    prepare(console)


@main.command()
def assets() -> None:
    """Fetch fonts and the signature field; safe to repeat."""
    console.print(asset_step.build(again=True))


@main.command()
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 if a page is not current.")
def docs(check: bool) -> None:
    """Write the generated reference pages."""
    django_ready()
    from openinfusion.commands import reference

    if not check:
        console.print(f"{reference.write(main)} pages written")
        return
    old = reference.stale(main)
    for name in old:
        trouble.print(f"docs/{name} is not what the code says; run make docs", soft_wrap=True)
    sys.exit(1 if old else 0)


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django(arguments: tuple[str, ...]) -> None:
    """Run one of Django's own commands (makemigrations, shell, check, ...)."""
    connect()
    django_ready()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["openinfusion django", *arguments])


if __name__ == "__main__":
    main()
