# SPDX-License-Identifier: Apache-2.0
"""Movements, lots, allocation, scans and pumps. Pure."""
