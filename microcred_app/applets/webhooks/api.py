"""What other rooms may use of webhooks."""

from __future__ import annotations

from .consent import Recipient, agree, recipients_for, withdraw_consent
from .endpoints import (
    CHOOSABLE,
    EndpointInfo,
    NewSecret,
    create_endpoint,
    get_endpoint,
    list_endpoints,
    pause_endpoint,
    remove_endpoint,
    resume_endpoint,
    rotate_secret,
    send_test_event,
)
from .errors import EndpointNotFound, EndpointRefused, MessageRefused, WebhookError
from .events import Event
from .exporting import AwardLine, Export, export_changes, export_everything
from .lane import WebhookLane
from .log import (
    MessageInfo,
    count_messages,
    list_messages,
    replay_message,
    resend_given_up,
    webhook_backlog,
    webhook_overdue,
    webhook_tries,
)
from .messages import note_awarded, note_expired, note_reinstated, note_renewed, note_revoked, note_suspended

__all__ = [
    "CHOOSABLE",
    "AwardLine",
    "EndpointInfo",
    "EndpointNotFound",
    "EndpointRefused",
    "Event",
    "Export",
    "MessageInfo",
    "MessageRefused",
    "NewSecret",
    "Recipient",
    "WebhookError",
    "WebhookLane",
    "agree",
    "count_messages",
    "create_endpoint",
    "export_changes",
    "export_everything",
    "get_endpoint",
    "list_endpoints",
    "list_messages",
    "note_awarded",
    "note_expired",
    "note_reinstated",
    "note_renewed",
    "note_revoked",
    "note_suspended",
    "pause_endpoint",
    "recipients_for",
    "remove_endpoint",
    "replay_message",
    "resend_given_up",
    "resume_endpoint",
    "rotate_secret",
    "send_test_event",
    "webhook_backlog",
    "webhook_overdue",
    "webhook_tries",
    "withdraw_consent",
]
