"""What can be wrong with a requirement, said so that its author can mend it."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["RequirementError", "gettext_noop", "shorten"]

LONGEST_QUOTE = 60


def gettext_noop(text: str) -> str:
    """Return *text*: only marks it for the catalogue, because this package knows no translations."""
    return text


def shorten(value: object) -> str:
    """*value* as it may stand in a message: one line, and short however long it was written."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 200:
        return "a number of many digits"
    if isinstance(value, str):
        value = value[: LONGEST_QUOTE + 1]
    elif isinstance(value, list | dict | tuple):
        return "a list" if isinstance(value, list | tuple) else "an object"
    text = repr(value)
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"


class RequirementError(ValueError):
    """A requirement cannot be read.

    ``path`` leads to the place (``all[2].at_least``), ``line`` is its line where the source was text,
    ``problem`` says what is wrong there, and ``allowed`` what may stand there instead. The two texts were
    filled from templates; :meth:`say` fills the same templates in another language.
    """

    def __init__(
        self, path: str, problem: str, allowed: str = "", *, line: int | None = None, **values: object
    ) -> None:
        self.path = path
        self.line = line
        self._problem = problem
        self._allowed = allowed
        self._values = values
        self.problem = problem.format(**values)
        self.allowed = allowed.format(**values)
        super().__init__(self.say(lambda text: text))

    def at_line(self, line: int | None) -> RequirementError:
        """The same mistake with the line of its source."""
        return RequirementError(self.path, self._problem, self._allowed, line=line, **self._values)

    def within(self, path: str) -> RequirementError:
        """The same mistake, seen from a document in which the requirement stands at *path*."""
        joined = f"{path}.{self.path}" if path and self.path else path or self.path
        return RequirementError(joined, self._problem, self._allowed, line=self.line, **self._values)

    def say(self, translate: Callable[[str], str]) -> str:
        """The whole message, its templates put through *translate* first."""
        place = self.path or translate(gettext_noop("requirement"))
        if self.line is not None:
            place = translate(gettext_noop("line {line}, {place}")).format(line=self.line, place=place)
        return f"{place}: {self.say_problem(translate)}"

    def say_problem(self, translate: Callable[[str], str]) -> str:
        """The message without its place, for where it is shown at the place."""
        text = translate(self._problem).format(**self._values)
        if not self._allowed:
            return text
        allowed = translate(self._allowed).format(**self._values)
        return translate(gettext_noop("{text} Allowed: {allowed}.")).format(text=text, allowed=allowed)
