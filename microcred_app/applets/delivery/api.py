"""What other rooms may use of delivery."""

from __future__ import annotations

from .authorisation import FinishedConnection, connect_finish, connect_start
from .connections import ConnectionInfo, disconnect, get_connection, list_connections, set_auto_send
from .delivering import WorkDone, deliver, deliver_due, deliver_many
from .errors import (
    AddressRefused,
    AnswerUnusable,
    AuthorisationDenied,
    AuthorisationNotUsable,
    ConnectionNotFound,
    CredentialNotSendable,
    DeliveryError,
    DeliveryNotFound,
    HostUnreachable,
    ReconnectNeeded,
)
from .health import TargetState, list_targets
from .outbound_guard import read_address
from .outbox import (
    Claim,
    DeliveryInfo,
    call_off,
    claim_due,
    count_automatic,
    enqueue_for_connections,
    enqueue_many,
    get_delivery,
    list_deliveries,
    send_credential,
)
from .troubles import Trouble, count_troubles, list_troubles

__all__ = [
    "AddressRefused",
    "AnswerUnusable",
    "AuthorisationDenied",
    "AuthorisationNotUsable",
    "Claim",
    "ConnectionInfo",
    "ConnectionNotFound",
    "CredentialNotSendable",
    "DeliveryError",
    "DeliveryInfo",
    "DeliveryNotFound",
    "FinishedConnection",
    "HostUnreachable",
    "ReconnectNeeded",
    "TargetState",
    "Trouble",
    "WorkDone",
    "call_off",
    "claim_due",
    "connect_finish",
    "connect_start",
    "count_automatic",
    "count_troubles",
    "deliver",
    "deliver_due",
    "deliver_many",
    "disconnect",
    "enqueue_for_connections",
    "enqueue_many",
    "get_connection",
    "get_delivery",
    "list_connections",
    "list_deliveries",
    "list_targets",
    "list_troubles",
    "read_address",
    "send_credential",
    "set_auto_send",
]
