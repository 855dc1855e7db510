"""Every way in which webhooks say no."""

from __future__ import annotations

from microcred_app.errors import MicrocredError

__all__ = ["EndpointNotFound", "EndpointRefused", "MessageRefused", "WebhookError"]


class WebhookError(MicrocredError):
    """Base of every refusal of this applet."""

    code = "webhook_error"


class EndpointRefused(WebhookError):
    """The endpoint cannot be made or changed like this; the message says what to write instead."""

    code = "endpoint_refused"


class EndpointNotFound(WebhookError):
    """There is no such endpoint, or it is of an organisation that the person does not answer for."""

    code = "endpoint_not_found"
    http_status = 404


class MessageRefused(WebhookError):
    """Nothing can be sent again as asked."""

    code = "message_refused"
    http_status = 409
