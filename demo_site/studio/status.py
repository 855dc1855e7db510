"""What learners see of a unit compared with its draft, in the words authors use."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from opaque_keys.edx.keys import UsageKey

from demo_site.courses.tree import Tree

__all__ = ["Status", "unit_status"]


@dataclass(frozen=True)
class Status:
    """``code`` is for styles, ``text`` for people."""

    code: str
    text: str

    @property
    def can_publish(self) -> bool:
        """Whether publishing would change what learners see."""
        return self.code != "published"


def unit_status(draft: Tree, published: Tree, unit: UsageKey) -> Status:
    """Never published, published and changed since, or the same for everybody."""
    if unit not in published.nodes:
        return Status("draft", _("Draft: learners do not see it"))
    if draft.content_of(unit) != published.content_of(unit):
        return Status("changed", _("Unpublished changes"))
    return Status("published", _("Published"))
