# SPDX-License-Identifier: Apache-2.0
"""Solvers that are installed only where plans are made (requirements/planning.txt), and an OSRM server."""
