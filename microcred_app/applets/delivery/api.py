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
    ResendRefused,
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
from .pushing_again import push_again
from .resending import Resent, count_resendable, resend, resend_all
from .troubles import (
    Trouble,
    TroubleFilter,
    Try,
    count_found,
    count_troubles,
    list_troubles,
    narrowed_to,
    trouble_choices,
)

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
    "ResendRefused",
    "Resent",
    "TargetState",
    "Trouble",
    "TroubleFilter",
    "Try",
    "WorkDone",
    "call_off",
    "claim_due",
    "connect_finish",
    "connect_start",
    "count_automatic",
    "count_found",
    "count_resendable",
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
    "narrowed_to",
    "push_again",
    "read_address",
    "resend",
    "resend_all",
    "send_credential",
    "set_auto_send",
    "trouble_choices",
]
