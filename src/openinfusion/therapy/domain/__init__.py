# SPDX-License-Identifier: Apache-2.0
"""The rules of the therapy room: machines, timing of doses, versions and their differences. Pure."""
