# SPDX-License-Identifier: Apache-2.0
"""Findings, checks and the review machine. Pure: the same facts give the same findings."""
