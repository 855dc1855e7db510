"""What Tutor reads: values, patches, and what is done when a site is launched.

Names of values begin with ``MICROCRED_``; the reference is docs/how-to/tutor.rst. The sealing key is made once and kept
in Tutor's ``config.yml``: whoever loses it loses every issuer key (docs/how-to/backup.rst).
"""

from __future__ import annotations

import base64
import os
from pathlib import Path

from tutor import hooks

__all__: list[str] = []

HERE = Path(__file__).resolve().parent

DEFAULTS = [
    # What pip installs; a version, a wheel's address or a Git address may stand here.
    ("MICROCRED_REQUIREMENT", "microcred[metrics,speed]"),
    # Where the public reaches the LMS; goes into every credential and must not change afterwards.
    ("MICROCRED_PUBLIC_URL", "{% if ENABLE_HTTPS %}https{% else %}http{% endif %}://{{ LMS_HOST }}"),
    # "service": a process that works all the time. "cron": you, or a CronJob, call it every minute. "none": neither.
    ("MICROCRED_WORKER", "service"),
    ("MICROCRED_CRON", "* * * * *"),
    # Where evidence is stored: "filesystem" or "s3" (with the bucket and what django-storages needs in the options).
    ("MICROCRED_EVIDENCE_STORAGE", "filesystem"),
    ("MICROCRED_EVIDENCE_FOLDER", "/openedx/media-private/microcred"),
    ("MICROCRED_EVIDENCE_BUCKET", ""),
    ("MICROCRED_EVIDENCE_OPTIONS", {}),
    ("MICROCRED_EVIDENCE_MAX_MB", 500),
    # Caddy and the LMS take 4 MB; a larger piece opens Caddy for the address of uploads, and for nothing else.
    ("MICROCRED_UPLOAD_PIECE_MB", 2),
    # Further keys of MICROCRED, as in docs/reference/settings.rst.
    ("MICROCRED_SETTINGS", {}),
    # The link in the micro-frontends' menu of learners; empty for none.
    ("MICROCRED_MENU_TEXT", "My badges"),
]

hooks.Filters.CONFIG_DEFAULTS.add_items(DEFAULTS)
hooks.Filters.CONFIG_UNIQUE.add_items(
    [
        ("MICROCRED_KEY_ENCRYPTION_KEYS", ["{{ 32|microcred_fernet_key }}"]),
        ("MICROCRED_METRICS_TOKEN", "{{ 40|random_string }}"),
    ]
)


@hooks.Filters.ENV_TEMPLATE_FILTERS.add()
def _add_filters(filters: list[tuple[str, object]]) -> list[tuple[str, object]]:
    return [*filters, ("microcred_fernet_key", fernet_key)]


def fernet_key(size: int) -> str:
    """A fresh key in the form that Fernet reads."""
    return base64.urlsafe_b64encode(os.urandom(size)).decode("ascii")


for patch in sorted((HERE / "patches").iterdir()):
    hooks.Filters.ENV_PATCHES.add_item((patch.name, patch.read_text(encoding="utf-8")))

# Tutor's own init has migrated LMS and Studio by then; this says what is misconfigured, and stops at an error.
hooks.Filters.CLI_DO_INIT_TASKS.add_item(
    (
        "lms",
        "./manage.py lms migrate microcred_app && ./manage.py lms check --tag microcred",
    )
)

# Tutor renders no template inside a slot: address and text are in a patch of definitions.
_LINK = """
{
  op: PLUGIN_OPERATIONS.Insert,
  widget: {
    id: 'microcred_my_badges',
    type: DIRECT_PLUGIN,
    priority: 10,
    RenderWidget: () => (
      microcredLink.text ? <a className="dropdown-item" href={microcredLink.address}>{microcredLink.text}</a> : null
    ),
  },
}
"""
_SLOTS = (
    "org.openedx.frontend.layout.header_desktop_user_menu.v1",
    "org.openedx.frontend.layout.header_learning_user_menu.v1",
)


@hooks.Actions.PLUGINS_LOADED.add()
def _add_slots() -> None:
    """Put the link into the menus, where tutor-mfe is installed."""
    try:
        from tutormfe.hooks import PLUGIN_SLOTS
    except ImportError:
        return
    for slot in _SLOTS:
        PLUGIN_SLOTS.add_item(("all", slot, _LINK))
