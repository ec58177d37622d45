"""Disclosure control: what may be published, beside everything that ever was.

Others use two names: `publish`, through which every figure about several authorities goes before
anybody sees it, and `audit`, which attacks what was published.
"""

from assessment.core.disclosure.publishing import publish
from assessment.core.disclosure.suppression import audit_edition as audit

__all__ = ["audit", "publish"]
