# SPDX-License-Identifier: Apache-2.0
"""An import-linter contract for our house: rooms are entered by their doors."""
from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class Doors(Contract):
    """Between rooms, only `public` and `events` may be imported."""

    type_name = "doors"
    root = fields.StringField()
    rooms = fields.ListField(subfield=fields.StringField())
    doors = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        rooms = {str(r): f"{self.root}.{r}" for r in self.rooms}  # type: ignore[attr-defined]
        bad: list[tuple[str, str]] = []
        for name, package in rooms.items():
            open_doors = {f"{package}.{d}" for d in self.doors}  # type: ignore[attr-defined]
            for module in {package} | graph.find_descendants(package):
                if module in open_doors:
                    continue
                for importer in graph.find_modules_that_directly_import(module):
                    room = importer.split(".")[1]
                    if room in rooms and room != name:
                        bad.append((importer, module))
        return ContractCheck(kept=not bad, metadata={"bad": sorted(bad)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["bad"]:
            output.print_error(f"- {importer} climbs in by {imported}; use the door", bold=False)
