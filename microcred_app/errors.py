"""The one family of refusals that the app's public functions raise."""

from __future__ import annotations

__all__ = ["MicrocredError"]


class MicrocredError(Exception):
    """A request that is refused for a reason a person can act on.

    ``str()`` is a translated sentence that says what is wrong and what to do; ``code`` is stable and for
    machines; ``http_status`` is what a web shell answers. Each applet derives one base from it and one
    subclass per decision a caller can take.
    """

    code = "microcred_error"
    http_status = 400
