# SPDX-License-Identifier: Apache-2.0
"""Benchmarks: measured by `make bench`, compared inside one run, kept in var/bench/latest.json; never part of the tests."""
