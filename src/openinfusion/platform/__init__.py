# SPDX-License-Identifier: Apache-2.0
"""The platform: plumbing that every room shares, one Django app. It knows no room."""
