"""Every refusal of this package is an `Ob3Error` with a stable code and a sentence that says what to do.

Codes are for programs (they never change), messages for people. Code outside this package needs to catch
one class; code that decides differently per cause catches the subclass.
"""

__all__ = [
    "BakingError",
    "CanonicalisationError",
    "ContextError",
    "DidError",
    "DocumentError",
    "InputError",
    "KeyFormatError",
    "Ob3Error",
    "ProofError",
    "StatusListError",
]


class Ob3Error(Exception):
    """The one base class; nothing else leaves a public function of `microcred_app.ob3`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class InputError(Ob3Error):
    """The bytes handed in are not JSON that may be looked at (syntax, size, depth, doubled names)."""


class DocumentError(Ob3Error):
    """A value would make a credential that receivers refuse; `field` names it in dotted form."""

    def __init__(self, field: str, message: str, code: str = "document.invalid") -> None:
        super().__init__(code, f"{field}: {message}")
        self.field = field


class ContextError(Ob3Error):
    """A JSON-LD context is not one of the bundled ones; `url` names it."""

    def __init__(self, code: str, message: str, url: str = "") -> None:
        super().__init__(code, message)
        self.url = url


class CanonicalisationError(Ob3Error):
    """A part of the document would not be covered by the signature; `member` names it."""

    def __init__(self, code: str, message: str, member: str = "") -> None:
        super().__init__(code, message)
        self.member = member


class KeyFormatError(Ob3Error):
    """A key, signature or digest is not in the encoding it claims."""


class DidError(Ob3Error):
    """A decentralised identifier or its document is not usable."""


class ProofError(Ob3Error):
    """A proof is missing, not allowed, not in force, or does not match the document."""


class StatusListError(Ob3Error):
    """A status list cannot be read, or an entry does not exist in it."""


class BakingError(Ob3Error):
    """A picture cannot carry a credential, or carries none that can be read."""
