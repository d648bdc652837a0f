# SPDX-License-Identifier: Apache-2.0
"""Formats, pure: bytes in, frozen values out, and back. One file per format."""
