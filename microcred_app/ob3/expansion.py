"""JSON-LD expansion in *safe mode*: a document either expands without losing anything, or is refused.

PyLD, like the JSON-LD algorithms themselves, silently leaves out what the contexts do not define. What is left
out is not signed, so anybody may add or change it. Three independent checks close that:

1. Before: only plain members are allowed. Keywords (``@graph``, ``@included``, ``@reverse`` …), members
   written as addresses and contexts inside the document are refused. With them the same signed statements
   can be written so that a JSON reader no longer finds them, for example a revoked credential whose
   ``credentialStatus`` is spelled ``https://www.w3.org/2018/credentials#credentialStatus``.
2. During: each member must be a term in the context in force at that very place (type-scoped and
   property-scoped contexts included); this is what names the offending member.
3. After: every object, text, number and empty list of the input must have come out. This count does not rely
   on how PyLD works inside.

JSON-LD 1.1 API section 5.1 (expansion); VC Data Integrity section 2.4.1 asks for exactly this strictness.
"""

import re
from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from typing import Any

from pyld import jsonld
from pyld.resolved_context import ResolvedContext

from microcred_app.ob3.contexts import ContextStore
from microcred_app.ob3.errors import CanonicalisationError, Ob3Error

__all__ = ["Expander"]

MAX_CONTEXTS = 200  # in one document, nested credentials included: a record of sixty badges
MAX_TYPES = 16  # of one object: each may bring a context of its own
MAX_DEPTH = 40
MAX_REMEMBERED = 1_000  # processed contexts; an ordinary credential needs about thirty

_VALUE_MEMBERS = frozenset({"@value", "@language", "@direction"})
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class Expander:
    """Expands documents against one closed set of contexts; may be shared by threads.

    Processed contexts are kept between calls: building them is most of the cost of expansion, and PyLD's own
    cache misses every type-scoped context. Its process-wide cache is not used, so other code in the process
    cannot plant a context there.
    """

    def __init__(self, contexts: ContextStore) -> None:
        self._resolver = _StoreResolver(contexts)
        self._memory = _ContextMemory()
        self._lock = Lock()

    def expand(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Return the expanded node object of *document*, or raise `CanonicalisationError` or `ContextError`."""
        if not isinstance(document, Mapping):
            raise CanonicalisationError("canonical.not_an_object", "Only a JSON object can be signed.")
        _Inspection().check(document, "", 1)
        with self._lock:
            expanded = _run(document, self._resolver, self._memory)
        if len(expanded) != 1 or not isinstance(expanded[0], dict):
            raise CanonicalisationError("canonical.empty", "The document makes no statement.")
        if _weigh_input(document) != _weigh_output(expanded[0]):
            raise CanonicalisationError(
                "canonical.dropped",
                "A part of the document is not defined by its contexts and would not be signed.",
            )
        return expanded[0]


def _run(document: Mapping[str, Any], resolver: "_StoreResolver", memory: "_ContextMemory") -> list[Any]:
    processor = jsonld.JsonLdProcessor()
    expand_object = processor._expand_object
    expand_iri = processor._expand_iri

    def expand_defined_object(active_ctx: Any, *rest: Any, **named: Any) -> Any:
        for name in rest[2]:  # the object; before it stands the member that holds it, as term and expanded
            if name != "@context":
                _require_term(name, expand_iri(active_ctx, name, vocab=True))
        return expand_object(active_ctx, *rest, **named)

    processor._expand_object = expand_defined_object
    processor._process_context = memory.remembering(processor._process_context)
    # Base None: a relative reference stays relative and is refused later, never resolved against anything.
    options = {"base": None, "contextResolver": resolver, "documentLoader": _no_loader}
    try:
        expanded: list[Any] = processor.expand(document, options)
    except Ob3Error:
        raise
    except Exception as error:
        # PyLD raises JsonLdError for what it foresees and anything at all for what it does not.
        cause = _first_refusal(error)
        if cause is not None:
            raise cause from error
        raise CanonicalisationError(
            "canonical.json_ld", f"The document is not valid JSON-LD: {_brief(error)}"
        ) from error
    return expanded


def _require_term(name: str, meaning: Any) -> None:
    if isinstance(meaning, str) and (meaning.startswith("@") or _ABSOLUTE.match(meaning)):
        return
    raise CanonicalisationError(
        "canonical.undefined_term",
        f"No context defines the member “{name[:80]}” where it stands; it would not be signed.",
        name,
    )


def _first_refusal(error: BaseException) -> Ob3Error | None:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, Ob3Error):
            return cause
        cause = cause.__cause__
    return None


def _brief(error: Exception) -> str:
    code = getattr(error, "code", None)
    return str(code or type(error).__name__)


def _no_loader(url: str, _options: Any = None) -> None:
    raise CanonicalisationError("canonical.network", f"Nothing is loaded from {url[:200]!r}.")


class _StoreResolver:
    """Stands in for PyLD's context resolver: addresses come from the store, scoped contexts from its documents."""

    def __init__(self, contexts: ContextStore) -> None:
        self._contexts = contexts
        self._by_url: dict[str, ResolvedContext] = {}
        self._scoped: dict[int, tuple[Any, ResolvedContext]] = {}

    def resolve(
        self, _active_ctx: Any, context: Any, _base: Any, _cycles: Any = None
    ) -> list[ResolvedContext]:
        """Return the resolved form of *context*; documents were checked to name addresses only."""
        entries = context if isinstance(context, list | tuple) else [context]
        return [self._one(entry) for entry in entries]

    def _one(self, entry: Any) -> ResolvedContext:
        if isinstance(entry, str):
            if entry not in self._by_url:
                self._by_url[entry] = ResolvedContext(self._contexts.document(entry)["@context"])
            return self._by_url[entry]
        if entry is None:
            return ResolvedContext(False)
        # A scoped context out of a stored document: the same object each time, and kept alive here.
        known = self._scoped.get(id(entry))
        if known is None or known[0] is not entry:
            known = self._scoped[id(entry)] = (entry, ResolvedContext(entry))
        return known[1]


class _ContextMemory:
    """Remembers what a local context makes of an active one; both are immutable once processed."""

    def __init__(self) -> None:
        self._results: dict[Hashable, Any] = {}

    def remembering(self, process: Callable[..., Any]) -> Callable[..., Any]:
        """Return PyLD's *process* with this memory in front of it."""

        def process_remembered(active_ctx: Any, local_ctx: Any, options: Any, **flags: Any) -> Any:
            # With `cycles` PyLD asks while a context is still being built: not a final answer.
            if "cycles" in flags or "_uuid" not in active_ctx:
                return process(active_ctx, local_ctx, options, **flags)
            key = (active_ctx["_uuid"], _context_key(local_ctx), *sorted(flags.items()))
            if key not in self._results:
                if len(self._results) >= MAX_REMEMBERED:
                    self._results.clear()
                self._results[key] = (local_ctx, process(active_ctx, local_ctx, options, **flags))
            return self._results[key][1]

        return process_remembered


def _context_key(local_ctx: Any) -> Hashable:
    if isinstance(local_ctx, str):
        return local_ctx
    if isinstance(local_ctx, list) and all(isinstance(entry, str) for entry in local_ctx):
        return tuple(local_ctx)
    return id(local_ctx)  # a scoped context of a stored document; kept alive beside its result


class _Inspection:
    """The checks made on the input itself."""

    def __init__(self) -> None:
        self.contexts = 0

    def check(self, value: Any, path: str, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise CanonicalisationError("canonical.too_deep", f"“{path}” is nested too deep.", path)
        if value is None:
            raise CanonicalisationError("canonical.null", f"“{path}” is null; leave the member out.", path)
        if isinstance(value, list | tuple):
            for item in value:
                self.check(item, path, depth + 1)
        elif isinstance(value, Mapping):
            self._check_object(value, path, depth)
        elif not isinstance(value, str | int | float):
            raise CanonicalisationError("canonical.type", f"“{path}” is not a JSON value.", path)

    def _check_object(self, value: Mapping[str, Any], path: str, depth: int) -> None:
        is_value = "@value" in value
        for name, member in value.items():
            here = f"{path}.{name}" if path else str(name)
            if name == "@context":
                self._check_context(member, here)
                continue
            if is_value:
                _check_value_member(name, member, here)
                continue
            _check_name(name, here)
            if name == "type" and isinstance(member, list | tuple) and len(member) > MAX_TYPES:
                raise CanonicalisationError(
                    "canonical.types", f"“{here}” has more than {MAX_TYPES} types.", here
                )
            self.check(member, here, depth + 1)

    def _check_context(self, context: Any, path: str) -> None:
        entries = context if isinstance(context, list | tuple) else [context]
        self.contexts += len(entries)
        if self.contexts > MAX_CONTEXTS:
            raise CanonicalisationError("canonical.contexts", "The document names too many contexts.", path)
        if not all(isinstance(entry, str) for entry in entries):
            raise CanonicalisationError(
                "canonical.inline_context",
                f"“{path}” defines terms itself; only published contexts are taken.",
                path,
            )


def _check_name(name: Any, path: str) -> None:
    if not isinstance(name, str) or not name or name.startswith("@") or ":" in name:
        raise CanonicalisationError(
            "canonical.not_a_term", f"“{path[:200]}” must be written as a term of the contexts.", path
        )


def _check_value_member(name: str, member: Any, path: str) -> None:
    if name not in _VALUE_MEMBERS:
        raise CanonicalisationError(
            "canonical.value_object", f"“{path}” does not belong beside @value.", path
        )
    if not isinstance(member, str) and not (name == "@value" and isinstance(member, bool | int | float)):
        raise CanonicalisationError("canonical.value_object", f"“{path}” must be a plain value.", path)


def _weigh_input(value: Any) -> int:
    if isinstance(value, list | tuple):
        return sum(map(_weigh_input, value)) if value else 1
    if not isinstance(value, Mapping):
        return 1
    members = [(name, member) for name, member in value.items() if name != "@context"]
    own = 0 if "@value" in value or [name for name, _ in members] == ["id"] else 1
    return own + sum(_weigh_input(member) for _, member in members)


def _weigh_output(value: Any) -> int:
    if isinstance(value, list):
        return sum(map(_weigh_output, value)) if value else 1
    if not isinstance(value, Mapping):
        return 1
    if value.get("@type") == "@json":
        return _weigh_input(value["@value"])
    if "@value" in value:
        return sum(name in value for name in _VALUE_MEMBERS)
    own = 0 if value.keys() in ({"@id"}, {"@graph"}, {"@list"}) else 1
    return own + sum(map(_weigh_output, value.values()))
