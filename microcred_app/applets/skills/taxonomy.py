"""A framework as a taxonomy of the platform's content tagging, so that courses and badges share one vocabulary."""

from __future__ import annotations

from django.utils.translation import gettext as _

from .errors import SkillNotFound
from .formats import tagging
from .models import Skill, SkillFramework, SkillRelation

__all__ = ["taxonomy_of"]


def taxonomy_of(framework_key: str, *, as_json: bool = False) -> str:
    """The file that the platform's tagging imports, CSV or JSON, of the skills in use.

    Tags keep their ids from one export to the next, so importing it again updates the taxonomy. Raises
    :class:`SkillNotFound` where there is no such framework.
    """
    framework = SkillFramework.objects.filter(key=framework_key).first()
    if framework is None:
        raise SkillNotFound(_("There is no framework “{key}”.").format(key=framework_key))
    rows = Skill.objects.filter(framework=framework, retired_at__isnull=True)
    broader: dict[str, list[str]] = {}
    pairs = SkillRelation.objects.filter(
        kind=SkillRelation.BROADER, source__framework=framework, target__framework=framework
    )
    for source, target in pairs.values_list("source__key", "target__key"):
        broader.setdefault(source, []).append(target)
    tags = tagging.arrange(dict(rows.values_list("key", "name")), broader, prefix=f"{framework_key}:")
    return tagging.write_json(tags, name=framework.name) if as_json else tagging.write_csv(tags)
