"""Requirements as YAML text: read with the line of every mistake, written so that they read back the same."""

from __future__ import annotations

import yaml

from .errors import RequirementError
from .json_form import parse_requirement, to_json
from .json_text import MAX_TEXT_LENGTH
from .requirement import Node
from .yaml_text import read_yaml_values

__all__ = ["read_yaml", "write_yaml"]


def read_yaml(text: str) -> Node:
    """The requirement that *text* spells; raises :class:`RequirementError` with path and line."""
    document = read_yaml_values(text, longest=MAX_TEXT_LENGTH)
    try:
        return parse_requirement(document.value)
    except RequirementError as error:
        raise error.at_line(document.line_of(error.path)) from None


def write_yaml(node: Node) -> str:
    """The requirement as YAML text; reading it gives an equal tree."""
    text: str = yaml.safe_dump(to_json(node), sort_keys=False, allow_unicode=True, width=110)
    return text
