# SPDX-License-Identifier: Apache-2.0
"""X12 5010, read tolerantly and written strictly. Pure: bytes in, values out, and back.

`marks` and `tokens` find separators and split; `sets` finds the transactions and checks the envelopes; every kind of
transaction has its values, its reader and its writer beside it; `balance` adds up; `inspection` answers for any file.
"""
