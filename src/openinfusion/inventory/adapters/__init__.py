# SPDX-License-Identifier: Apache-2.0
"""The outside world of the inventory room: the forecasting library, and documents as PDF."""
