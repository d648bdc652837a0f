# SPDX-License-Identifier: Apache-2.0
"""Writes of the sites room, a file for each noun."""
