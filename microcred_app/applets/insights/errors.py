"""What the insights room refuses."""

from microcred_app.errors import MicrocredError

__all__ = ["NoInsights"]


class NoInsights(MicrocredError):
    """There are no figures here for whoever asks: no such course, or not on its team. Which of both is not told."""

    code = "no_insights"
    http_status = 404
