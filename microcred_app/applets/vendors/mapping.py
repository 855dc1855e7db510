"""Which badge becomes which template of an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ..badges.models import Badge
from ..skills.stamp import touch_definitions
from .accounts import find_account, trace
from .errors import AccountRefused
from .models import VendorMapping, VendorTemplate

__all__ = ["MappingInfo", "TemplateInfo", "list_mappings", "list_templates_of", "map_badge"]


@dataclass(frozen=True)
class TemplateInfo:
    """Something that can be issued; ``gone`` when the vendor did not name it any more."""

    key: str
    name: str
    gone: bool


@dataclass(frozen=True)
class MappingInfo:
    """A badge of the account's organisation, and the template it is issued as; an empty key: it is not."""

    badge_key: str
    badge_name: str
    template_key: str
    template_name: str
    gone: bool


def list_templates_of(account_id: str, *, actor_id: int | None) -> tuple[TemplateInfo, ...]:
    """What was read last."""
    rows = VendorTemplate.objects.filter(account=find_account(account_id, actor_id)).order_by("name", "pk")
    return tuple(TemplateInfo(row.external_key, row.name, row.gone_at is not None) for row in rows)


def list_mappings(account_id: str, *, actor_id: int | None) -> tuple[MappingInfo, ...]:
    """Every published badge of the organisation."""
    account = find_account(account_id, actor_id)
    chosen = {
        row.badge_id: row.template
        for row in VendorMapping.objects.filter(account=account).select_related("template")
    }
    found = []
    for badge in Badge.objects.filter(issuer_id=account.issuer_id, versions__isnull=False).distinct():
        template = chosen.get(badge.pk)
        newest = badge.versions.order_by("-number").values_list("name", flat=True).first()
        found.append(
            MappingInfo(
                badge_key=badge.key,
                badge_name=newest or badge.key,
                template_key=template.external_key if template is not None else "",
                template_name=template.name if template is not None else "",
                gone=template is not None and template.gone_at is not None,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.badge_name.casefold(), one.badge_key)))


@transaction.atomic
def map_badge(
    account_id: str, badge_key: str, template_key: str, *, actor_id: int | None, now: datetime
) -> None:
    """Issue awards of this badge as this template from now on; with an empty key, do not issue them any more."""
    account = find_account(account_id, actor_id)
    badge = Badge.objects.filter(key=badge_key, issuer_id=account.issuer_id).first()
    if badge is None:
        raise AccountRefused(_("The organisation has no such badge."))
    if template_key:
        template = VendorTemplate.objects.filter(
            account=account, external_key=template_key, gone_at__isnull=True
        ).first()
        if template is None:
            raise AccountRefused(
                _("The vendor does not have this template any more. Read the templates again.")
            )
        VendorMapping.objects.update_or_create(
            account=account, badge=badge, defaults={"template": template, "since": now}
        )
    else:
        VendorMapping.objects.filter(account=account, badge=badge).delete()
    touch_definitions()
    trace("vendor.mapped", account, actor_id, now, {"badge": badge_key, "template": template_key})
