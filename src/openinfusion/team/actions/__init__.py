# SPDX-License-Identifier: Apache-2.0
"""Writes of the team, a file for each family of verbs."""
