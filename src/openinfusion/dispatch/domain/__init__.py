# SPDX-License-Identifier: Apache-2.0
"""Nouns of dispatch."""
