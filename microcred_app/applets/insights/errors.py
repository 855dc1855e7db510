"""What the insights room refuses."""

from microcred_app.errors import MicrocredError

__all__ = ["NoInsights", "ProfileRefused"]


class NoInsights(MicrocredError):
    """There are no figures here for whoever asks: no such course, or not on its team. Which of both is not told."""

    code = "no_insights"
    http_status = 404


class ProfileRefused(MicrocredError):
    """A profile cannot be written like this; the message says what to change."""

    code = "profile_refused"
    http_status = 400
