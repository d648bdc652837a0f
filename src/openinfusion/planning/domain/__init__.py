# SPDX-License-Identifier: Apache-2.0
"""Problems, their solvers and their checks, a subject each."""
