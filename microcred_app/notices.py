"""Our notification among the platform's own: its type and its group in learners' preferences.

The platform keeps both in dictionaries of one module and has no other way in. They are added to when the app is ready,
with the keys of older releases beside those of newer ones; a platform without notifications is left alone. How it
reaches a learner (in the page, by e-mail through ACE, how often) is the learner's choice in the platform's preferences.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.utils.translation import gettext_lazy as _

__all__ = ["APP_NAME", "NOTICE_TYPE", "register_notices"]

#: The name of our notification, and of its group.
APP_NAME = NOTICE_TYPE = "microcred_badge"
_HOME = "openedx.core.djangoapps.notifications.base_notification"


def register_notices() -> bool:
    """Add ours, once; whether there is a platform that has notifications."""
    try:
        home = import_module(_HOME)
    except ImportError:
        return False
    cadence = getattr(getattr(home, "EmailCadence", None), "IMMEDIATELY", "Immediately")
    about = _("Badges that you have received.")
    channels: dict[str, Any] = {"web": True, "email": True, "push": False, "email_cadence": cadence}
    home.COURSE_NOTIFICATION_APPS.setdefault(
        APP_NAME,
        {
            "enabled": True,
            "info": about,
            "core_info": about,
            **channels,
            **{f"core_{name}": value for name, value in channels.items()},
            "non_editable": [],
        },
    )
    home.COURSE_NOTIFICATION_TYPES.setdefault(
        NOTICE_TYPE,
        {
            "notification_app": APP_NAME,
            "name": NOTICE_TYPE,
            "use_app_defaults": False,
            "is_core": False,
            "info": about,
            **channels,
            "non_editable": ["push"],
            "content_template": _("<{p}>You have received the badge <{strong}>{badge}</{strong}></{p}>"),
            "content_context": {"badge": "Name of the badge"},
            "email_template": "",
            "filters": [],
        },
    )
    return True
