"""The demo site with patience for a wallet on a busy machine: a worker waits until it is killed, and gives up late."""

from __future__ import annotations

from demo_site.settings import *  # noqa: F403
from demo_site.settings import MICROCRED as DEMO

MICROCRED = {**DEMO, "DELIVERY_TIMEOUT_SECONDS": 40.0}
