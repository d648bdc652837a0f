# SPDX-License-Identifier: Apache-2.0
"""The API of all rooms under one roof, with its OpenAPI page at /api/docs."""
