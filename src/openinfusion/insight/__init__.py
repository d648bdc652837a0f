# SPDX-License-Identifier: Apache-2.0
"""Measures and margins; read-only.

Every figure can be opened to the rows it is made of, and every chart stands beside its table. It asks the other rooms
by
their doors and the journal; it keeps nothing of its own.
"""
