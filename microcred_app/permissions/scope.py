"""For which organisations somebody may do something."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["EVERYWHERE", "Scope"]


@dataclass(frozen=True)
class Scope:
    """Organisations, or all of them. Queries take :attr:`filter_slugs`, so that a list is narrowed in SQL."""

    everywhere: bool = False
    issuer_slugs: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.issuer_slugs)

    def covers(self, issuer_slug: str) -> bool:
        """Whether this organisation is among them."""
        return self.everywhere or issuer_slug in self.issuer_slugs

    @property
    def filter_slugs(self) -> frozenset[str] | None:
        """What a query narrows by; ``None`` is no narrowing, an empty set finds nothing."""
        return None if self.everywhere else self.issuer_slugs


EVERYWHERE = Scope(everywhere=True)
