# SPDX-License-Identifier: Apache-2.0
"""The outside of the compounding room: the label printer."""
