# SPDX-License-Identifier: Apache-2.0
"""The command: answers, exit codes, JSON."""
from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from openinfusion.commands.main import main
from openinfusion.commands.reference import pages
from openinfusion.platform.doctor import examine
from openinfusion.platform.models import Head
from openinfusion.platform.permissions import system_actor
from openinfusion.platform.scope import entered
from openinfusion.sites import public as sites

DETAILS = {
    "legal_name": "North Infusion", "npi": "1", "tax_id": "1", "taxonomy": "3336H0001X", "street": "1 A", "city": "B",
    "state_code": "IL", "zip_code": "1", "phone": "1",
}


def run(*arguments: str):
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def site(organization_id):
    """Made in its scope and left again: a command enters every organization in turn."""
    return sites.open_site(name="North", kind="pharmacy", timezone="UTC", details=DETAILS, by=system_actor(organization_id))


def test_help_names_every_verb() -> None:
    said = run("--help").output
    for verb in ("serve", "worker", "doctor", "demo", "import", "export", "journal", "backup", "restore"):
        assert verb in said


def test_wrong_use_is_exit_code_two() -> None:
    assert run("import", "fhir").exit_code == 2


def test_the_doctor_finds_a_sound_installation_sound(site) -> None:
    ill = [f for f in examine() if not f.well]
    assert ill == []


def test_journal_verify_answers_as_json_and_fails_on_a_broken_chain(site, organization_id) -> None:
    sound = run("journal", "verify", "--json")
    assert sound.exit_code == 0 and json.loads(sound.output)[-1]["flaws"] == []
    with entered(organization_id):
        Head.objects.update(number=7)
    broken = run("journal", "verify")
    assert broken.exit_code == 1 and "head says 7" in broken.output


def test_a_refusal_is_told_plainly_with_exit_code_one(site, tmp_path) -> None:
    bundle = tmp_path / "bundle.json"
    bundle.write_text("{}")
    answer = run("import", "fhir", str(bundle), "--as", "nobody@example.org")
    assert answer.exit_code == 1


def test_the_reference_pages_name_machines_permissions_and_commands() -> None:
    made = pages(main)
    assert "stateDiagram-v2" in made["reference/states/sites.hood.md"]
    assert "`sites.hood.certify`" in made["reference/permissions.md"] and "openinfusion journal verify" in made["reference/commands.md"]
