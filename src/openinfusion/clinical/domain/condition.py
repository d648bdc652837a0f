# SPDX-License-Identifier: Apache-2.0
"""Recorded conditions, read by ICD-10-CM prefix or by words; a denied or excluded one does not count."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

Conditions = tuple[tuple[str, str], ...]
_DENIED = ("no ", "not ", "denies ", "without ", "negative for ", "ruled out ", "rule out ")
_CODE = re.compile(r"^[A-Z]\d")


@lru_cache(maxsize=8192)
def _split(names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Code prefixes, and words."""
    codes = tuple(n for n in names if _CODE.match(n))
    return codes, tuple(n for n in names if n not in codes)


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """A text in small letters, spaced, without punctuation: "HIT (2019)" → " hit 2019 "."""
    return f" {' '.join(re.findall(r'[a-z0-9-]+', text.lower()))} "


def told(text: str, words: Iterable[str]) -> bool:
    """Whether a text tells of one of these words; a word of up to four letters must stand alone."""
    said = plain(text)
    return any((plain(w) if len(w) <= 4 else f" {w.lower()}") in said for w in words)


def on_record(conditions: Conditions, names: tuple[str, ...]) -> tuple[str, ...]:
    """The conditions that one of these names means; a name like Z95.811 is a code prefix, any other is words."""
    if not conditions or not names:
        return ()
    codes, words = _split(names)
    return tuple(
        f"{code} {text}".strip()
        for code, text in conditions
        if (codes and code and code.startswith(codes)) or (told(text, words) and not plain(text).lstrip().startswith(_DENIED))
    )
