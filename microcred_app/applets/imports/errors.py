"""What the imports room refuses."""

from microcred_app.errors import MicrocredError

__all__ = ["ImportGone", "ImportRefused"]


class ImportRefused(MicrocredError):
    """Nothing was imported; ``problems`` name file, line and what is wrong there."""

    code = "import_refused"
    http_status = 400

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class ImportGone(MicrocredError):
    """The files that waited for a yes are not there any more."""

    code = "import_gone"
    http_status = 404
