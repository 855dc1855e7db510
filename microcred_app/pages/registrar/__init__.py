"""The registrar's console: what needs somebody, what can be earned, who holds it and why, jobs, the log, roles.

Everybody sees what their offices let them see: queries are narrowed to the organisations that the person answers
for, and a thing of another organisation is answered as one that does not exist. Whether somebody may act is asked
again where it is done, in the applets.
"""

from __future__ import annotations

from .audit import audit_urls
from .award_import import award_import_urls
from .awards import award_urls
from .badges import badge_urls
from .checking import checking_urls
from .comparing import comparing_urls
from .compliance import compliance_urls
from .deliveries import delivery_urls
from .insights import insight_urls
from .jobs import job_urls
from .orphans import orphan_urls
from .overview import overview_urls
from .preview import preview_urls
from .recalls import recall_urls
from .roles import role_urls
from .signoff_lists import signoff_list_urls
from .skill_import import skill_import_urls
from .skills import skill_urls
from .vendors import vendor_urls
from .webhooks import webhook_urls

__all__ = ["registrar_urls"]

registrar_urls = [
    *overview_urls,
    *badge_urls,
    *preview_urls,
    *award_urls,
    *award_import_urls,
    *compliance_urls,
    *skill_import_urls,
    *skill_urls,
    *insight_urls,
    *orphan_urls,
    *job_urls,
    *recall_urls,
    *signoff_list_urls,
    *delivery_urls,
    *comparing_urls,
    *webhook_urls,
    *vendor_urls,
    *audit_urls,
    *checking_urls,
    *role_urls,
]
