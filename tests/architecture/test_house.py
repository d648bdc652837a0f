# SPDX-License-Identifier: Apache-2.0
"""The house rules that no linter knows."""
from __future__ import annotations

import ast
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

import openinfusion
from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role
from openinfusion.platform.permissions import all_permissions
from openinfusion.platform.walls import machine_models

ROOT = Path(openinfusion.__file__).parent
HELD_BY_A_SESSION = {"portal.page.use"}  # a patient on their own page: no role may ever hold it
FORBIDDEN_NAMES = {"utils", "helpers", "misc", "services", "common", "core"}


def sources(pattern: str) -> list[Path]:
    return [p for p in ROOT.rglob(pattern) if "migrations" not in p.parts]


def test_the_pure_part_imports_without_django() -> None:
    names = [m.name for m in pkgutil.walk_packages([str(ROOT)], "openinfusion.") if ".domain" in m.name or ".kernel" in m.name]
    code = (
        "import sys, importlib\n"
        "class No:\n def find_spec(self, name, *a):\n"
        "  if name.split('.')[0] in {'django', 'psycopg', 'procrastinate'}: raise ImportError(name)\n"
        "sys.meta_path.insert(0, No())\n"
        f"[importlib.import_module(n) for n in {names!r}]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert len(names) > 40


def test_foreign_keys_point_down_the_street_and_have_no_way_back() -> None:
    rank = {"platform": -1} | {room: n for n, room in enumerate(settings.ROOMS)}
    for model in apps.get_models():
        here = rank.get(model._meta.app_label)
        if here is None or hasattr(model, "pgh_tracked_model"):
            continue
        for field in model._meta.get_fields():
            if not (field.concrete and field.is_relation and field.related_model):
                continue
            there = rank.get(field.related_model._meta.app_label)
            if there is None or there == here:
                continue
            assert there < here, f"{model.__name__}.{field.name} points up the street"
            assert field.remote_field.related_name == "+", f"{model.__name__}.{field.name} opens a back door"


def test_every_room_table_is_a_tracked_record_with_its_organization() -> None:
    tracked = {m.pgh_tracked_model for m in apps.get_models() if hasattr(m, "pgh_tracked_model")}
    for room in settings.ROOMS:
        if f"openinfusion.{room}" not in settings.INSTALLED_APPS:
            continue
        for model in apps.get_app_config(room).get_models():
            if hasattr(model, "pgh_tracked_model"):
                continue
            assert any(f.name == "organization" for f in model._meta.fields), f"{model.__name__} belongs to nobody"
            assert model in tracked or getattr(model, "written_once", False), (
                f"{model.__name__} keeps no history: add @tracked, or written_once = True with a trigger that holds it"
            )


@pytest.mark.parametrize(("model", "machine"), [pytest.param(m, x, id=x.name) for m, x in machine_models()])
def test_every_state_is_reachable_and_owned_and_every_verb_exists(model, machine) -> None:
    seen, todo = set(), [machine.initial]
    while todo:
        state = todo.pop()
        seen.add(state)
        todo += [s.target for s in machine.steps if s.source is state and s.target not in seen]
    assert seen == set(machine.states), f"unreachable: {set(machine.states) - seen}"
    known = all_permissions()
    for step in machine.steps:
        assert step.permission in known, f"{machine.name}.{step.name} asks for an unknown permission {step.permission}"
        assert "{actor}" in step.sentence, f"{machine.name}.{step.name} has no sentence with its actor"
    for owner in machine.owners.values():
        assert owner == "" or owner in {r.value for r in Role}, f"{machine.name} is owned by nobody known: {owner}"


def test_every_room_says_what_it_is_and_every_file_says_what_it_holds() -> None:
    for path in sources("*.py"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# SPDX-License-Identifier: Apache-2.0"), path
        if path.name not in {"apps.py", "urls.py"}:
            assert ast.get_docstring(ast.parse(text)), f"{path} does not say what it is"


def test_no_file_is_too_long_and_none_is_a_drawer() -> None:
    long = {p.relative_to(ROOT): n for p in sources("*.py") if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400}
    assert not long
    assert not [p for p in ROOT.rglob("*") if p.stem in FORBIDDEN_NAMES and "migrations" not in p.parts]


def test_only_the_clock_reads_the_clock() -> None:
    reads = re.compile(r"\b(datetime\.now|datetime\.utcnow|date\.today|timezone\.now|time\.time)\(")
    found = [str(p) for p in sources("*.py") if p.name != "clock.py" and reads.search(p.read_text(encoding="utf-8"))]
    assert not found


def test_no_float_decides_an_amount() -> None:
    search = ROOT / "calculations" / "domain" / "levels" / "binary.py"  # the edge of the numeric search, ADR 0004
    for path in [*ROOT.glob("*/domain/**/*.py"), *ROOT.glob("kernel/*.py")]:
        if path == search:
            continue
        calls = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "float"]
        assert not calls, f"{path} makes a float"


def test_templates_carry_no_inline_code_and_truncate_no_drug() -> None:
    bad = re.compile(r"\sstyle=|\son[a-z]+=|hx-on|\|safe\b|<script(?![^>]*(src=|application/json))")
    found = [str(p) for p in ROOT.rglob("*.html") if bad.search(p.read_text(encoding="utf-8"))]
    assert not found


def test_templates_get_a_page_and_nothing_else() -> None:
    for path in ROOT.glob("*/web/*.py"):
        if path.parts[-3] == "platform":
            continue
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "render":
                pytest.fail(f"{path} renders by itself; use show(request, template, page)")


def test_a_view_calls_at_most_one_action() -> None:
    for path in ROOT.glob("*/web/views.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        actions = {
            a.asname or a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and ".actions" in (n.module or "") for a in n.names
        }
        for function in [n for n in tree.body if isinstance(n, ast.FunctionDef)]:
            calls = [c for c in ast.walk(function) if isinstance(c, ast.Call) and getattr(c.func, "id", "") in actions]
            assert len(calls) <= 1, f"{path}: {function.name} calls {len(calls)} actions"


def test_permissions_belong_to_their_room_and_say_a_sentence() -> None:
    for code, permission in all_permissions().items():
        assert isinstance(permission, Permission)
        assert code.count(".") == 2, code
        assert permission.sentence.endswith("."), code
        assert permission.roles or code in HELD_BY_A_SESSION, f"{code} is held by nobody"


def test_the_locks_name_no_registry() -> None:
    project = ROOT.parents[1]
    locks = [*(project / "requirements").glob("*.txt"), project / "package-lock.json", project / ".npmrc"]
    address = re.compile(r"https?://|^--|\"resolved\"", re.MULTILINE)
    assert len(locks) >= 5
    assert [p.name for p in locks if address.search(p.read_text(encoding="utf-8"))] == []


def test_no_day_is_utcs_by_mistake() -> None:
    """A day is a patient's, a site's or the house's (``platform.house_day``, ``kernel.local_day``); an instant has none."""
    found = [str(p) for p in ROOT.rglob("*.py") if "now().date()" in p.read_text(encoding="utf-8")]
    assert found == []


TYPED = {"commands/main.py"}  # a day typed at the command line, read without a zone
OF_UTC = re.compile(r"(.*__date|.*(_at|_start|_end|since)__(day|week|week_day|month|quarter|year|hour|time|iso_year|iso_week_day))(__[a-z]+)?")
TRUNCATES = re.compile(r"(Trunc|Extract)[A-Z]?[A-Za-z]*")
AN_INSTANT = re.compile(r"(.*_)?at|now|planned_(start|end)")
TELLS_A_DAY = re.compile(r"(?!.*%S).*%[dbBmyYGVjUWaAeF]")  # to the second it is a stamp, and no day


def _stands_somewhere(node: ast.expr) -> bool:
    """Whether an expression is an instant of a place: taken there, or called local."""
    if isinstance(node, ast.BinOp):
        return _stands_somewhere(node.left)
    if isinstance(node, ast.Call):
        return getattr(node.func, "attr", getattr(node.func, "id", "")) in {"astimezone", "local", "localtime"}
    return getattr(node, "attr", getattr(node, "id", "")) == "local"


def _called(node: ast.expr) -> str:
    """The last name of an expression: submitted_at of claim.submitted_at, now of now()."""
    node = node.func if isinstance(node, ast.Call) else node.left if isinstance(node, ast.BinOp) else node
    return str(getattr(node, "attr", getattr(node, "id", "")))


def _days_without_a_place(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            of = node.func.value if isinstance(node.func, ast.Attribute) and node.func.attr == "date" and not node.args else None
            if of is not None and not _stands_somewhere(of):
                yield f"{node.lineno}: {ast.unparse(node)} is UTC's day; use kernel.local_day.day_of"
            yield from (f"{node.lineno}: the lookup {k.arg} is by UTC's days; use kernel.local_day.instants"
                        for k in node.keywords if k.arg and OF_UTC.fullmatch(k.arg))
            if TRUNCATES.fullmatch(_called(node)) and not any(k.arg == "tzinfo" for k in node.keywords):
                yield f"{node.lineno}: {_called(node)} without tzinfo is by UTC's days"
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and OF_UTC.fullmatch(node.value):
            yield f"{node.lineno}: the lookup {node.value} is by UTC's days; use kernel.local_day.instants"
        if isinstance(node, ast.JoinedStr):
            yield from _said_without_a_place(node)


def _said_without_a_place(text: ast.JoinedStr) -> Iterator[str]:
    for part, after in zip_longest(text.values, text.values[1:]):
        if not isinstance(part, ast.FormattedValue) or not isinstance(part.format_spec, ast.JoinedStr):
            continue
        how = "".join(str(s.value) for s in part.format_spec.values if isinstance(s, ast.Constant))
        says_utc = how.endswith("Z") or (isinstance(after, ast.Constant) and str(after.value).startswith((" UTC", "Z")))
        if TELLS_A_DAY.search(how) and AN_INSTANT.fullmatch(_called(part.value)) and not says_utc:
            yield f"{text.lineno}: {ast.unparse(part.value)} is shown as UTC's day without saying so; use kernel.local_day.day_of"


def test_a_stored_instant_gives_no_day_without_a_place() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{fault}" for path in sources("*.py") if str(path.relative_to(ROOT)) not in TYPED
        for fault in _days_without_a_place(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize("line", [
    "on = claim.submitted_at.date()", "on = (now() - timedelta(days=1)).date()", "on = max(t.ends_at for t in off).date()",
    "rows.filter(planned_start__date=on)", "rows.filter(submitted_at__date__range=(a, b))", "rows.filter(made_at__year=2026)",
    "rows.filter(**{f'{column}__date__gte': a})", "rows.annotate(week=TruncWeek('made_at'))", "f'{row.taken_at:%d-%b-%Y}'",
    "f'{now():%Y-%m-%d}'", "f'until {t.holds_until_at:%d-%b-%Y %H:%M}'",
])
def test_what_would_be_utcs_day_is_found(line: str) -> None:
    assert list(_days_without_a_place(ast.parse(line)))


@pytest.mark.parametrize("line", [
    "on = at.astimezone(zone).date()", "on = local.date()", "on = (self.local + after).date()", "on = dose.local.date()",
    "on = day_of(row.made_at, zone)", "rows.filter(made_at__gte=span.start, day__gte=on, ended_on__lte=on)",
    "rows.annotate(week=TruncWeek('made_at', tzinfo=zone))", "f'{house_day_of(row.made_at):%d-%b-%Y}'", "f'{row.due_on:%d-%b-%Y}'",
    "f'{row.made_at:%d-%b-%Y %H:%M} UTC'", "f'{at.astimezone(zone):%d-%b-%Y %H:%M %Z}'",
])
def test_what_has_its_place_is_left_alone(line: str) -> None:
    assert list(_days_without_a_place(ast.parse(line))) == []


def test_templates_show_no_day_of_an_instant() -> None:
    """Pages are rendered in UTC: a day of an instant is worked out before, a moment says its zone."""
    shown = re.compile(r"\b\w*_at\s*\|\s*(day\b|date\b(?!:['\"]c['\"])|time\b)")
    found = [f"{p.relative_to(ROOT)}: {hit}" for p in sources("*.html") for hit in map(str, shown.findall(p.read_text(encoding="utf-8")))]
    assert found == []
