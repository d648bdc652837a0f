# SPDX-License-Identifier: Apache-2.0
"""How a figure is worked out: body size, renal function, levels, nutrition, rates, bench arithmetic.

Pure and decimal: units in, a result out, with its inputs, its steps, its rounding, the version of its formula and its
sources, so that every page can show why this number. It knows no patient and no table; whoever calculates calls here.
"""
