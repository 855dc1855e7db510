"""Field types that keep whatever an author's OLX says, so that a bad value can be shown instead of crashing.

The stock JSON fields raise while they are *read*: one mistyped attribute in an imported course would take
down every page, index and grade report that touches the block. These keep the raw value; ``questions``,
``rubric`` and ``evidence_task`` read it forgivingly and ``validation`` says what is wrong with it.
"""

from __future__ import annotations

import json
from typing import Any

import yaml
from xblock.fields import Dict, Float, Integer, List

__all__ = ["AuthoredDict", "AuthoredInteger", "AuthoredList", "AuthoredNumber"]


def read_serialised(serialised: str) -> Any:
    """The JSON (or YAML) value an OLX attribute spells, or the text itself when it spells neither."""
    try:
        return json.loads(serialised)
    except ValueError:
        pass
    try:
        # YAML knows dates and sets, which no field store can keep: they become text.
        return json.loads(json.dumps(yaml.safe_load(serialised), default=str))
    except (yaml.YAMLError, ValueError, TypeError):
        return serialised


class AuthoredList(List):
    """A list field that keeps a value of another kind as it is."""

    def from_json(self, value: Any) -> Any:
        """The stored value, unchecked."""
        return value

    def enforce_type(self, value: Any) -> Any:
        """The value as it is; the stock field would warn and keep it all the same."""
        return value

    def from_string(self, serialized: str) -> Any:
        """Whatever the attribute spells, never an exception."""
        return read_serialised(serialized)


class AuthoredDict(Dict):
    """A mapping field that keeps a value of another kind as it is."""

    def from_json(self, value: Any) -> Any:
        """The stored value, unchecked."""
        return value

    def enforce_type(self, value: Any) -> Any:
        """The value as it is; the stock field would warn and keep it all the same."""
        return value

    def from_string(self, serialized: str) -> Any:
        """Whatever the attribute spells, never an exception."""
        return read_serialised(serialized)

    def to_string(self, value: Any) -> str:
        """JSON text; the stock field would insist on a mapping."""
        return json.dumps(value, indent=2, sort_keys=True)


class _Unrefusing:
    """Lets a number field keep text that spells no number; it stands before the stock field."""

    def from_json(self, value: Any) -> Any:
        """The number, or the stored value when it spells none."""
        try:
            return super().from_json(value)  # type: ignore[misc]
        except (TypeError, ValueError, OverflowError):
            return value

    def enforce_type(self, value: Any) -> Any:
        """The value as it is; the stock field would warn and keep it all the same."""
        return value

    def from_string(self, serialized: str) -> Any:
        """Whatever the attribute spells, never an exception."""
        return self.from_json(read_serialised(serialized))


class AuthoredInteger(_Unrefusing, Integer):
    """A whole number field that keeps unreadable text as it is."""


class AuthoredNumber(_Unrefusing, Float):
    """A number field that keeps unreadable text as it is."""
