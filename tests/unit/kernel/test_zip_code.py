# SPDX-License-Identifier: Apache-2.0
"""A ZIP code is shown as people write it."""

from __future__ import annotations

import pytest

from openinfusion.kernel.zip_code import shown_zip


@pytest.mark.parametrize(("given", "shown"), [
    ("627010001", "62701-0001"), ("62701-0001", "62701-0001"), ("62701", "62701"), (" 62701 ", "62701"), ("6270", "6270"), ("", ""),
    ("٦٢٧٠١٠٠٠١", "٦٢٧٠١٠٠٠١"),
])
def test_nine_digits_get_their_hyphen(given: str, shown: str) -> None:
    assert shown_zip(given) == shown
