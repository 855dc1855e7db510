"""An expanded document becomes RDF statements one for one; what RDF cannot carry exactly is refused, not skipped.

The JSON-LD algorithm drops relative references, malformed language tags and blank-node predicates on the way
to RDF. A dropped statement is an unsigned one, so each of these raises here. Numbers whose text differs
between JSON-LD processors (integers beyond 2^53, tiny fractions) are refused for the same reason: they would
verify in one language and not in another.

JSON-LD 1.1 API section 8 (RDF serialization), ``rdfDirection`` "i18n-datatype"; RDF Dataset Canonicalization
section 5 (canonical N-Quads).
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from c14n.Canonicalize import canonicalize as canonical_json

from microcred_app.ob3.errors import CanonicalisationError

__all__ = ["Quad", "escape_literal", "to_quads", "write_quad"]

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_I18N = "https://www.w3.org/ns/i18n#"

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20\x7f<>\"{}|\\^`\ud800-\udfff]*")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_TO_ESCAPE = re.compile('[\x00-\x1f\x7f"\\\\]')
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_ESCAPES = {code: _SHORT.get(chr(code), f"\\u{code:04X}") for code in [*range(0x20), 0x7F, 0x22, 0x5C]}
_EXACT = 2**53
_SMALLEST = 1e-6


class Quad(NamedTuple):
    """One statement. Blank nodes are written ``_:…``; IRIs and literals stand in their N-Quads text already."""

    subject: str
    predicate: str
    object: str
    graph: str


def to_quads(node: Mapping[str, Any]) -> list[Quad]:
    """Return the statements of an expanded *node* object, each once, or raise `CanonicalisationError`."""
    writer = _Writer()
    writer.write_node(node, "")
    return list(dict.fromkeys(writer.quads))


def write_quad(quad: Quad) -> str:
    """Return *quad* as one line of canonical N-Quads, line end included."""
    graph = f" {quad.graph}" if quad.graph else ""
    return f"{quad.subject} {quad.predicate} {quad.object}{graph} .\n"


class _Writer:
    def __init__(self) -> None:
        self.quads: list[Quad] = []
        self._blank = 0

    def write_node(self, node: Mapping[str, Any], graph: str) -> str:
        subject = _iri(node["@id"], "id") if "@id" in node else self._new_blank()
        for name, values in node.items():
            if name == "@type":
                for value in values:
                    self.quads.append(Quad(subject, f"<{_RDF}type>", _iri(value, "type"), graph))
            elif name != "@id":
                predicate = _iri(name, name)
                for value in values:
                    self.quads.append(Quad(subject, predicate, self._write_object(value, name, graph), graph))
        return subject

    def _write_object(self, value: Mapping[str, Any], name: str, graph: str) -> str:
        if "@value" in value:
            return _literal(value, name)
        if "@list" in value:
            return self._write_list(value["@list"], name, graph)
        if "@graph" in value:
            inner = self._new_blank()
            for node in value["@graph"]:
                self.write_node(node, inner)
            return inner
        return self.write_node(value, graph)

    def _write_list(self, values: list[Any], name: str, graph: str) -> str:
        cells = [self._new_blank() for _ in values]
        for index, value in enumerate(values):
            rest = cells[index + 1] if index + 1 < len(cells) else f"<{_RDF}nil>"
            self.quads.append(
                Quad(cells[index], f"<{_RDF}first>", self._write_object(value, name, graph), graph)
            )
            self.quads.append(Quad(cells[index], f"<{_RDF}rest>", rest, graph))
        return cells[0] if cells else f"<{_RDF}nil>"

    def _new_blank(self) -> str:
        self._blank += 1
        return f"_:b{self._blank}"


def _iri(value: Any, name: str) -> str:
    if not isinstance(value, str) or not _IRI.fullmatch(value):
        shown = str(value)[:120]
        raise CanonicalisationError(
            "canonical.relative_iri",
            f"“{shown}” in “{name[:120]}” is neither a term of the contexts nor an absolute address.",
            shown,
        )
    return f"<{value}>"


def _literal(value: Mapping[str, Any], name: str) -> str:
    content, datatype = value["@value"], value.get("@type")
    if datatype == "@json":
        return _typed(_json_text(content, name), f"{_RDF}JSON")
    if isinstance(content, bool):
        return _typed("true" if content else "false", datatype or f"{_XSD}boolean")
    if isinstance(content, int | float):
        text, implied = _number(content, datatype, name)
        return _typed(text, datatype or implied)
    if not isinstance(content, str):
        raise CanonicalisationError("canonical.value", f"“{name}” is not a plain value.", name)
    return _string(content, value, datatype, name)


def _string(content: str, value: Mapping[str, Any], datatype: str | None, name: str) -> str:
    language, direction = value.get("@language"), value.get("@direction")
    if language is not None and not _LANGUAGE.fullmatch(language):
        raise CanonicalisationError(
            "canonical.language", f"“{name}” has the language {language[:40]!r}.", name
        )
    if direction is not None:
        return _typed(content, f"{_I18N}{language or ''}_{direction}")
    if language is not None:
        return f'"{_escape(content, name)}"@{language}'
    return _typed(content, datatype or f"{_XSD}string")


def _typed(content: str, datatype: str) -> str:
    text = f'"{_escape(content, datatype)}"'
    return text if datatype == f"{_XSD}string" else f"{text}^^{_iri(datatype, datatype)}"


def _escape(content: str, name: str) -> str:
    try:
        content.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CanonicalisationError("canonical.text", f"“{name}” is not valid text.", name) from error
    return escape_literal(content)


def escape_literal(content: str) -> str:
    """Return *content* as it stands between the quotation marks of a canonical N-Quads literal."""
    return content.translate(_ESCAPES) if _TO_ESCAPE.search(content) else content


def _number(content: int | float, datatype: str | None, name: str) -> tuple[str, str]:
    size = abs(content)
    if size > _EXACT or 0 < size < _SMALLEST or content != content:
        raise CanonicalisationError(
            "canonical.number", f"The number in “{name}” is not exact everywhere.", name
        )
    if content == int(content) and datatype != f"{_XSD}double":
        return str(int(content)), f"{_XSD}integer"
    mantissa, exponent = f"{float(content):.15E}".split("E")
    mantissa = mantissa.rstrip("0")
    return f"{mantissa}{'0' if mantissa.endswith('.') else ''}E{int(exponent)}", f"{_XSD}double"


def _json_text(content: Any, name: str) -> str:
    try:
        text: str = canonical_json(content).decode("utf-8")
    except (ValueError, TypeError, RecursionError) as error:
        raise CanonicalisationError(
            "canonical.json_value", f"“{name}” cannot be written as JSON.", name
        ) from error
    return text
