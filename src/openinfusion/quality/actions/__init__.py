# SPDX-License-Identifier: Apache-2.0
"""Writes of quality, a file for each noun."""
