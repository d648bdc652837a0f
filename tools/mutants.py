# SPDX-License-Identifier: Apache-2.0
"""Which mutants to run, and what came of them: python -m tools.mutants sample 25 | report.

A mutant changes one thing in a copy of a function. ``sample`` names at most so many of each module, always the same ones;
``report`` counts those killed and lists those that survived, in two kinds: words (only what is shown to people changes) and
logic (everything else).
"""

from __future__ import annotations

import ast
import difflib
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("mutants/src/openinfusion")
SEED = 20260101


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed function: its module and name, the line before and after, and whether only words changed."""

    module: str
    name: str
    exit_code: int | None
    before: str
    after: str
    words: bool


def results() -> Iterator[tuple[Path, dict[str, int | None]]]:
    """By source file of the copy: each mutant's exit code, None where it was not run."""
    for meta in sorted(ROOT.glob("*/domain/**/*.meta")):
        found = json.loads(meta.read_text())["exit_code_by_key"]
        if found:
            yield meta.with_suffix(""), found


def sample(most: int) -> list[str]:
    """Names of at most so many mutants of each module."""
    drawn = random.Random(SEED)  # noqa: S311  (a sample, no secret)
    return [name for _, found in results() for name in drawn.sample(sorted(found), min(most, len(found)))]


def mutants() -> Iterator[Mutant]:
    """Every mutant that was run."""
    for path, found in results():
        source = path.read_text(encoding="utf-8")
        functions = {n.name: n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef)}
        module = str(path.relative_to(ROOT)).removesuffix(".py")
        for key, code in found.items():
            if code is None:
                continue
            name = key.rpartition(".")[2]
            function = name.rpartition("__mutmut_")[0]
            before, after = functions.get(f"{function}__mutmut_orig"), functions.get(name)
            if before is not None and after is not None:
                yield Mutant(module, name, code, *_lines(source, before, after), words=_shown(before) == _shown(after))


def _lines(source: str, before: ast.FunctionDef, after: ast.FunctionDef) -> tuple[str, str]:
    one, two = ((ast.get_source_segment(source, f) or "").splitlines()[1:] for f in (before, after))
    changed = [x for x in difflib.ndiff(one, two) if x[0] in "+-"]
    return tuple(" ".join(x[2:].strip() for x in changed if x[0] == sign) for sign in "-+")  # type: ignore[return-value]


_SAID = frozenset({"title", "text", "do", "label", "note", "why_not", "cleared", "rounding"})


class _Wordless(ast.NodeTransformer):
    """A function without what is only read by people: sentences, and the arguments that carry them."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant("…") if isinstance(node.value, str) and " " in node.value else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return ast.Constant("…")

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        node.keywords = [k for k in node.keywords if k.arg not in _SAID]
        kept = [a for a in node.args if not (isinstance(a, ast.Constant) and a.value in ("…", None))]
        node.args = (
            kept if getattr(node.func, "id", "") in ("Reason", "Fault", "Verdict", "Result", "Step", "Refused") else node.args
        )
        return node


def _shown(function: ast.FunctionDef) -> str:
    copy = ast.parse(ast.unparse(function)).body[0]
    assert isinstance(copy, ast.FunctionDef)
    copy.name = "f"
    return ast.dump(_Wordless().visit(copy))


def report() -> Iterator[str]:
    """Lines of Markdown: the counts by module, then every survivor of logic."""
    ran = list(mutants())
    yield "| module | run | killed | survived: logic | survived: words |"
    yield "|---|---|---|---|---|"
    for module in sorted({m.module for m in ran}):
        yield _row(module, [m for m in ran if m.module == module])
    yield _row("all", ran)
    yield ""
    for m in ran:
        if m.exit_code == 0 and not m.words:
            yield f"| `{m.module}` {m.name} | `{m.before[:160]}` | `{m.after[:160]}` |"


def _row(name: str, found: list[Mutant]) -> str:
    survived = [m for m in found if m.exit_code == 0]
    words = sum(m.words for m in survived)
    return f"| {name} | {len(found)} | {len(found) - len(survived)} | {len(survived) - words} | {words} |"


if __name__ == "__main__":
    out = sample(int(sys.argv[2])) if sys.argv[1] == "sample" else report()
    sys.stdout.write("\n".join(out) + "\n")
