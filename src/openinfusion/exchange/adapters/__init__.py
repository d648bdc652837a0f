# SPDX-License-Identifier: Apache-2.0
"""The world outside: the structure check by pyx12, and the ways to a clearing house."""
