# SPDX-License-Identifier: Apache-2.0
"""The tables of the catalog."""
from __future__ import annotations

from openinfusion.catalog.models.codes import Diagnosis, Hcpcs, SideChain
from openinfusion.catalog.models.cost import ProductCost
from openinfusion.catalog.models.drug import Drug, Product
from openinfusion.catalog.models.edition import Edition
from openinfusion.catalog.models.figures import DoseRule, Stability
from openinfusion.catalog.models.formula import Formula, FormulaDraft
from openinfusion.catalog.models.hcpcs_list import HcpcsList
from openinfusion.catalog.models.regimen import Regimen
from openinfusion.catalog.models.site_figure import NutritionCurve, NutritionLimit, NutritionStock
from openinfusion.catalog.models.template import Template, TemplateDraft

__all__ = [
    "Diagnosis", "DoseRule", "Drug", "Edition", "Formula", "FormulaDraft", "Hcpcs", "HcpcsList", "NutritionCurve",
    "NutritionLimit", "NutritionStock", "Product", "ProductCost", "Regimen", "SideChain", "Stability", "Template",
    "TemplateDraft",
]
