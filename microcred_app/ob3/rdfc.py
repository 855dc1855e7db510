"""The same set of statements always gets the same bytes: RDFC-1.0, within a fixed amount of work.

Blank nodes have no name of their own, so a canonical name is computed from what surrounds them. For graphs made
to be symmetrical that computation is exponential: a few hundred bytes can keep a processor busy for minutes.
Credentials never come near; therefore the work is counted and a hostile graph is refused.

RDF Dataset Canonicalization (W3C Recommendation 2024) section 4; the step numbers in the comments are its own.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from itertools import permutations

from microcred_app.ob3.dataset import Quad, write_quad
from microcred_app.ob3.errors import CanonicalisationError

__all__ = ["MAX_QUADS", "MAX_WORK", "canonical_nquads", "shared_work", "work_is_shared"]

MAX_QUADS = 20_000
MAX_WORK = 100_000  # statements, names and orders looked at in Hash N-Degree Quads; about 0.2 s

# What is left for everything canonicalised in a `shared_work` block together; None outside of one.
_left: ContextVar[list[int] | None] = ContextVar("microcred_rdfc_work_left", default=None)
_POSITIONS = (("subject", "s"), ("object", "o"), ("graph", "g"))


@contextmanager
def shared_work(steps: int = MAX_WORK) -> Iterator[None]:
    """Within the block all documents together may ask for *steps*: many small ones for no more than one large one."""
    token = _left.set([steps])
    try:
        yield
    finally:
        _left.reset(token)


def work_is_shared() -> bool:
    """Return whether a `shared_work` block is open."""
    return _left.get() is not None


def canonical_nquads(quads: Iterable[Quad]) -> bytes:
    """Return the canonical N-Quads of *quads*, or raise `CanonicalisationError` when they ask for too much work."""
    statements = list(quads)
    if len(statements) > MAX_QUADS:
        raise CanonicalisationError("canonical.too_large", f"More than {MAX_QUADS} statements.")
    names = _Canonicaliser(statements).name_blank_nodes()
    return "".join(sorted(write_quad(_renamed(quad, names)) for quad in statements)).encode("utf-8")


def _renamed(quad: Quad, names: dict[str, str]) -> Quad:
    return Quad(
        names.get(quad.subject, quad.subject),
        quad.predicate,
        names.get(quad.object, quad.object),
        names.get(quad.graph, quad.graph),
    )


class _Issuer:
    """Gives blank nodes names in the order in which they ask (section 4.5)."""

    def __init__(self, prefix: str, issued: dict[str, str] | None = None) -> None:
        self.prefix = prefix
        self.issued = issued or {}

    def issue(self, node: str) -> str:
        if node not in self.issued:
            self.issued[node] = f"{self.prefix}{len(self.issued)}"
        return self.issued[node]

    def copy(self) -> "_Issuer":
        return _Issuer(self.prefix, dict(self.issued))


class _Canonicaliser:
    def __init__(self, quads: list[Quad]) -> None:
        self.quads_of: dict[str, list[Quad]] = {}
        for quad in quads:
            for node in {quad.subject, quad.object, quad.graph}:
                if node.startswith("_:"):
                    self.quads_of.setdefault(node, []).append(quad)
        self.first_degree = {node: self._hash_first_degree(node) for node in self.quads_of}
        self.canonical = _Issuer("_:c14n")
        self.work = 0
        self._shared = _left.get() or [MAX_WORK]

    def name_blank_nodes(self) -> dict[str, str]:
        by_hash: dict[str, list[str]] = {}
        for node, digest in self.first_degree.items():
            by_hash.setdefault(digest, []).append(node)
        shared = []
        for _, nodes in sorted(by_hash.items()):  # 4: nodes that are already unique
            if len(nodes) == 1:
                self.canonical.issue(nodes[0])
            else:
                shared.append(nodes)
        for nodes in shared:  # 5: the rest, told apart by their neighbourhood
            paths = []
            for node in nodes:
                if node not in self.canonical.issued:
                    issuer = _Issuer("_:b")
                    issuer.issue(node)
                    paths.append(self._hash_n_degree(node, issuer))
            for _, issuer in sorted(paths, key=lambda path: path[0]):
                for node in issuer.issued:
                    self.canonical.issue(node)
        return self.canonical.issued

    def _hash_first_degree(self, node: str) -> str:
        def mark(term: str) -> str:
            return ("_:a" if term == node else "_:z") if term.startswith("_:") else term

        lines = sorted(
            write_quad(Quad(mark(q.subject), q.predicate, mark(q.object), mark(q.graph)))
            for q in self.quads_of[node]
        )
        return sha256("".join(lines).encode("utf-8")).hexdigest()

    def _hash_related(self, related: str, quad: Quad, issuer: _Issuer, position: str) -> str:
        predicate = quad.predicate if position != "g" else ""
        name = self.canonical.issued.get(related) or issuer.issued.get(related) or self.first_degree[related]
        return sha256(f"{position}{predicate}{name}".encode()).hexdigest()

    def _related_by_hash(self, node: str, issuer: _Issuer) -> dict[str, list[str]]:
        related_by_hash: dict[str, list[str]] = {}
        self._count(len(self.quads_of[node]))
        for quad in self.quads_of[node]:
            for field, position in _POSITIONS:
                term = getattr(quad, field)
                if term.startswith("_:") and term != node:
                    digest = self._hash_related(term, quad, issuer, position)
                    related_by_hash.setdefault(digest, []).append(term)
        return related_by_hash

    def _hash_n_degree(self, node: str, issuer: _Issuer) -> tuple[str, _Issuer]:
        data: list[str] = []
        for digest, related in sorted(self._related_by_hash(node, issuer).items()):
            path, issuer = self._shortest_path(related, issuer)
            data += (digest, path)
        return sha256("".join(data).encode("utf-8")).hexdigest(), issuer

    def _shortest_path(self, related: list[str], issuer: _Issuer) -> tuple[str, _Issuer]:
        chosen: tuple[str, _Issuer] | None = None
        for order in permutations(related):  # 5.4
            self._count(len(order) + len(issuer.issued))
            candidate = self._walk(order, issuer.copy(), chosen[0] if chosen else "")
            if candidate is not None and (chosen is None or candidate[0] < chosen[0]):
                chosen = candidate
        assert chosen is not None  # noqa: S101 - the first order is never abandoned
        return chosen

    def _walk(self, order: tuple[str, ...], issuer: _Issuer, best: str) -> tuple[str, _Issuer] | None:
        path, later = "", []
        for node in order:  # 5.4.4
            if node in self.canonical.issued:
                path += self.canonical.issued[node]
            else:
                if node not in issuer.issued:
                    later.append(node)
                path += issuer.issue(node)
            if _is_worse(path, best):
                return None
        for node in later:  # 5.4.5
            digest, deeper = self._hash_n_degree(node, issuer)
            path += f"{issuer.issue(node)}<{digest}>"
            issuer = deeper
            if _is_worse(path, best):
                return None
        return path, issuer

    def _count(self, steps: int) -> None:
        self.work += steps
        self._shared[0] -= steps
        if self.work > MAX_WORK or self._shared[0] < 0:
            raise CanonicalisationError(
                "canonical.too_complex", "The document is built so that canonicalising it takes too long."
            )


def _is_worse(path: str, best: str) -> bool:
    return bool(best) and len(path) >= len(best) and path > best
