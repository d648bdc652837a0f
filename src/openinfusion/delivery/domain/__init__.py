# SPDX-License-Identifier: Apache-2.0
"""The rules of delivery, pure: the ticket's machine, the pre-delivery call, the cold-chain pack-out."""
