"""The line between a browser and the site: slow, broken, mended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import CDPSession, Page, Request

__all__ = ["FAST", "OFFLINE", "SLOW_3G", "Line", "Traffic"]

#: What browsers' tools call "Slow 3G": 400 kbit/s both ways, 400 ms.
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
FAST = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
OFFLINE = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}


class Line:
    """The line of one page, by the protocol of the browser's own tools."""

    def __init__(self, page: Page) -> None:
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.send("Network.enable")

    def becomes(self, conditions: dict[str, Any]) -> None:
        """From now on the line is like that."""
        self.session.send("Network.emulateNetworkConditions", conditions)

    def uploads_at(self, bytes_a_second: int) -> None:
        """What goes up takes its time."""
        self.becomes({**FAST, "uploadThroughput": bytes_a_second})


@dataclass
class Traffic:
    """What went over the wire: bytes received by address, as the browser counted them, headers included.

    ``pieces`` are the places at which pieces of an upload began.
    """

    received: dict[str, int] = field(default_factory=dict)
    pieces: list[int] = field(default_factory=list)

    def watch(self, line: Line, page: Page) -> None:
        """Count from now on."""
        addresses: dict[str, str] = {}
        line.session.on(
            "Network.responseReceived",
            lambda event: addresses.__setitem__(event["requestId"], event["response"]["url"]),
        )
        line.session.on("Network.loadingFinished", lambda event: self._finished(addresses, event))
        page.on("request", self._sent)

    def _finished(self, addresses: dict[str, str], event: dict[str, Any]) -> None:
        address = addresses.get(event["requestId"])
        if address is not None:
            self.received[address] = self.received.get(address, 0) + int(event["encodedDataLength"])

    def _sent(self, request: Request) -> None:
        if request.method == "PATCH":
            self.pieces.append(int(request.headers["upload-offset"]))
