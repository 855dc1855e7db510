"""Outcomes, skills and rubrics as authors look them up and write them; the way to the app is the bridge's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .bridge import refusals

__all__ = [
    "adopt_outcome",
    "create_outcome",
    "get_outcome",
    "list_rubrics",
    "outcomes_worded",
    "save_rubric",
    "search_outcomes",
    "search_skills",
    "statement_advice",
]


def get_outcome(key: str) -> Any | None:
    """The outcome, or None when the catalogue does not hold it."""
    if not key:
        return None
    with refusals() as facade:
        try:
            return facade.get_outcome(key)
        except facade.MicrocredError as error:
            if int(error.http_status) == 404:
                return None
            raise


def search_outcomes(text: str) -> tuple[Any, ...]:
    """At most twenty outcomes with these words; those written last when there are none."""
    with refusals() as facade:
        return tuple(facade.search_outcomes(text))


def outcomes_worded(statement: str) -> tuple[Any, ...]:
    """Outcomes with exactly these words."""
    with refusals() as facade:
        return tuple(facade.outcomes_worded(statement))


def adopt_outcome(*, key: str, statement: str, actor_id: int | None, now: datetime) -> Any:
    """The outcome that came with an imported unit, written under its own key; ``RefusalError`` when it will not do."""
    with refusals() as facade:
        return facade.adopt_outcome(key=key, statement=statement, actor_id=actor_id, now=now)


def create_outcome(
    *, statement: str, skill_key: str, new_skill_name: str, actor_id: int | None, now: datetime
) -> Any:
    """A new outcome (and skill, when named); ``RefusalError`` when the statement or skill will not do."""
    with refusals() as facade:
        return facade.create_outcome(
            statement=statement,
            skill_key=skill_key,
            new_skill_name=new_skill_name,
            actor_id=actor_id,
            now=now,
        )


def statement_advice(statement: str) -> str:
    """What would make the statement measurable; empty when it is."""
    with refusals() as facade:
        return str(facade.statement_advice(statement))


def search_skills(text: str) -> tuple[Any, ...]:
    """At most twenty skills with these words in their name."""
    with refusals() as facade:
        return tuple(facade.search_skills(text))


def list_rubrics(organisation: str) -> tuple[Any, ...]:
    """Rubrics an author may pick."""
    with refusals() as facade:
        return tuple(facade.list_rubrics(organisation))


def save_rubric(
    organisation: str, title: str, content: dict[str, Any], *, actor_id: int | None, now: datetime
) -> Any:
    """The rubric as saved in the catalogue."""
    with refusals() as facade:
        return facade.save_rubric(organisation, title, content, actor_id=actor_id, now=now)
