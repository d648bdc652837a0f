# SPDX-License-Identifier: Apache-2.0
"""Reads of the team, a file for each noun."""
