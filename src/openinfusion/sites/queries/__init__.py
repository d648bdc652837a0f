# SPDX-License-Identifier: Apache-2.0
"""Reads of the sites room, a file for each noun."""
