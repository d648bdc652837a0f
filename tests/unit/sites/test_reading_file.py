# SPDX-License-Identifier: Apache-2.0
"""Files of readings are read strictly: every fault by its line, hostile ones plainly refused."""
from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from openinfusion.kernel.refusal import Malformed
from openinfusion.sites.domain.reading import Measured
from openinfusion.sites.domain.reading_file import read_file

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
ZONE = "America/Chicago"
HEAD = "place,measured,value,at,action_taken\n"


def faults(text: str | bytes) -> list[str]:
    with pytest.raises(Malformed) as no:
        read_file(text if isinstance(text, bytes) else text.encode(), NOW, ZONE)
    return [str(f) for f in no.value.faults]


def test_a_good_file_is_read_with_the_clock_of_the_site() -> None:
    text = HEAD + "Refrigerator 1,temperature,4.2,2026-11-23T06:30,\n\nBuffer room,PRESSURE,0.031,2026-11-23T12:30:00Z,\n"
    one, two = read_file(("\ufeff" + text).encode(), NOW, ZONE)
    assert one.at == datetime(2026, 11, 23, 12, 30, tzinfo=UTC) == two.at
    assert (one.place, one.value, two.measured) == ("Refrigerator 1", Decimal("4.2"), Measured.PRESSURE)


@pytest.mark.parametrize(("line", "words"), [
    ("Fridge,temperature,1e3,2026-11-23T06:30,", "not a plain number"),
    ("Fridge,temperature,NaN,2026-11-23T06:30,", "not a plain number"),
    ("Fridge,temperature,Infinity,2026-11-23T06:30,", "not a plain number"),
    ('Fridge,temperature,"4,2",2026-11-23T06:30,', "not a plain number"),
    ("Fridge,temperature,٤,2026-11-23T06:30,", "not a plain number"),
    ("Fridge,temperature,4.2,yesterday,", "not a time"),
    ("Fridge,temperature,4.2,2026-11-23,", "no time of day"),
    ("Fridge,temperature,4.2,2026-02-30T06:30,", "not a time"),
    ("Fridge,temperature,4.2,2027-11-23T06:30,", "still to come"),
    ("Fridge,warmth,4.2,2026-11-23T06:30,", "not pressure"),
    (",temperature,4.2,2026-11-23T06:30,", "place is missing"),
    ("Fridge,temperature,4.2", "columns"),
    ("Fridge,temperature,4.2,2026-11-23T06:30,a,b,c", "columns"),
    ("Fridge,temperature,300,2026-11-23T06:30,", "cannot be"),
    ("Fridge,temperature,4.2,2026-11-23T06:30," + "x" * 501, "longer than"),
    ("Fridge,temperature,4.2,2026-11-01T01:30,", "not one instant"),
    ("Fridge,temperature,4.2,2026-03-08T02:30,", "not one instant"),
])
def test_each_fault_names_its_line(line: str, words: str) -> None:
    [fault] = faults(HEAD + "Fridge,temperature,4.2,2026-11-23T06:30,\n" + line + "\n")
    assert fault.startswith("line 3:") and words in fault


def test_the_hour_that_comes_twice_is_taken_with_its_offset() -> None:
    [one] = read_file((HEAD + "F,temperature,4.2,2026-11-01T01:30-05:00,\n").encode(), NOW, ZONE)
    assert one.at == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_every_line_is_told_and_many_are_cut() -> None:
    assert len(faults(HEAD + "F,temperature,x,2026-11-23T06:30,\n" * 3)) == 3
    assert "more faults follow" in faults(HEAD + "F,temperature,x,2026-11-23T06:30,\n" * 90)[-1]


@pytest.mark.parametrize(("data", "words"), [
    (b"", "columns must be"), (b"\xff\xfe\x00", "not UTF-8"), (HEAD.encode() + b"a\x00b", "null bytes"), (HEAD.encode(), "no reading"),
    (b"a,b\n1,2\n", "columns must be"), (HEAD.encode() + b'"open quote', "not CSV"), (b"PK\x03\x04\x14\xff", "not UTF-8"),
    (HEAD.encode() + b"F,temperature,4,2026-11-23T06:30,\n" * 20_001, "split the file"),
])
def test_what_is_no_such_file_is_refused(data: bytes, words: str) -> None:
    assert words in faults(data)[-1]
