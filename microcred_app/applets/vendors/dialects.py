"""The vendors that there are."""

from __future__ import annotations

from collections.abc import Mapping

from .accredible import Accredible
from .badgr import Badgr
from .credly import Credly
from .dialect import Dialect

__all__ = ["DIALECTS"]

DIALECTS: Mapping[str, Dialect] = {one.kind: one for one in (Credly(), Accredible(), Badgr())}
