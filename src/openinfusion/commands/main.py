# SPDX-License-Identifier: Apache-2.0
"""The command's groups and options."""
from __future__ import annotations

import sys

import click

from openinfusion.commands.start import connect, django_ready


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The open operating system of an infusion pharmacy."""


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django(arguments: tuple[str, ...]) -> None:
    """Run one of Django's own commands (makemigrations, shell, check, ...)."""
    connect()
    django_ready()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["openinfusion django", *arguments])


@main.command()
def install() -> None:
    """Make the database, its tables and walls; safe to repeat."""
    django_ready()
    from openinfusion.platform.installation import ensure_installed

    click.echo("The database was made." if ensure_installed() else "The database is up to date.")


if __name__ == "__main__":
    sys.exit(main())
