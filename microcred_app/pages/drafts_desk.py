"""A draft in front of a person: what they typed, what is wrong with it, and what they may do with it.

What was typed is never thrown away: values that cannot be stored are shown again with the reason, while the sentence,
the readiness list and the preview go on with what stands in the database for those fields.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from microcred_app import rules
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.badges import api as badges
from microcred_app.applets.badges.images import MAX_IMAGE_BYTES
from microcred_app.compat import platform
from microcred_app.permissions import api as permissions
from microcred_app.rules.outline import EditRefused, Tree, close_tree, open_tree, problems_of

from .builder import Board, new_board, read_board
from .builder_rows import Row, Titles, rows_of
from .builder_search import Found, find_skills
from .drafts_fields import SECTIONS, Field, content_of_post, fields_of
from .pathway_map import render_map

__all__ = [
    "Desk",
    "PreviewView",
    "Rights",
    "desk_of_draft",
    "desk_of_post",
    "preview_of",
    "read_json",
    "rights_of",
]

SHOWN_NAMES = 30


@dataclass(frozen=True)
class Rights:
    """What this person may do with drafts of one organisation."""

    edit: bool
    submit: bool
    approve: bool
    publish: bool
    see_learners: bool


@dataclass(frozen=True)
class PreviewView:
    """What the rule would do now, with names for those who may see learners; no numbers yet while it is computed."""

    numbers: backfill.Preview | None
    percent: int = 100
    gaining: tuple[str, ...] = ()
    losing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Desk:
    """Everything the page of a draft shows; computed from the draft and what was typed over it."""

    draft: badges.Draft
    rights: Rights
    now: datetime
    content: Mapping[str, Any]
    problems: Mapping[str, str]
    board: Board
    revision: int
    scope: permissions.Scope
    skill_query: str = ""
    preview: PreviewView | None = None
    extras: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def usable(self) -> dict[str, Any]:
        """The content with what is stored where something typed cannot be read."""
        bad = {name: self.draft.content.get(name) for name in self.problems if name in self.draft.content}
        return badges.read_content({**self.content, **bad})

    @cached_property
    def changed(self) -> bool:
        """Whether something was typed that is not stored."""
        return bool(self.problems) or bool(
            badges.changes_between(badges.read_content(self.draft.content), self.usable)
        )

    @cached_property
    def definition(self) -> badges.BadgeDefinition:
        """What would be published."""
        return badges.definition_of(self.draft.key, self.usable)

    @cached_property
    def node(self) -> rules.Node | None:
        """The requirement, when it is one."""
        if self.board.unreadable or problems_of(self.board.tree):
            return None
        return rules.parse_requirement(self.board.tree)

    @cached_property
    def titles(self) -> Titles:
        """What the parts of the tree are called."""
        return Titles(self.board.tree)

    @cached_property
    def sentence(self) -> str:
        """The criteria as they will be printed; empty while the requirement is not complete."""
        return badges.criteria_text(self.node, self.titles.names) if self.node else ""

    @cached_property
    def findings(self) -> tuple[str, ...]:
        """What is well formed and probably not meant."""
        if self.node is None:
            return ()
        relations = badges.current_definitions().relations
        return tuple(dict.fromkeys(_(found.problem) for found in rules.lint(self.node, self.now, relations)))

    @cached_property
    def asks_twice(self) -> bool:
        """Whether the rule would award everybody, or nobody."""
        if self.node is None:
            return False
        kinds = {
            found.kind for found in rules.lint(self.node, self.now, badges.current_definitions().relations)
        }
        return bool(kinds & {rules.FindingKind.EVERYBODY, rules.FindingKind.NOBODY})

    @cached_property
    def holders(self) -> tuple[int, ...]:
        """Learners who hold a version of this badge, to whom the next one speaks."""
        return backfill.holders_affected(self.draft.key, now=self.now)

    @cached_property
    def say_holders(self) -> str:
        """What would happen to them."""
        return backfill.say_holders(self.definition.terms, len(self.holders))

    @cached_property
    def readiness(self) -> tuple[badges.ReadinessItem, ...]:
        """The readiness list of what was typed."""
        items = badges.readiness_of(self.definition, now=self.now)
        if self.node is not None:
            return items
        words = _("Complete every part of the tree.")
        return tuple(
            replace(item, how_to_mend=words) if item.code == "requirement" else item for item in items
        )

    @cached_property
    def open_items(self) -> int:
        """How many required items are open."""
        return sum(item.level == "required" and not item.satisfied for item in self.readiness)

    @cached_property
    def map(self) -> str:
        """The map of the requirement."""
        return render_map(self.node, self.titles.names) if self.node else ""

    @cached_property
    def rows(self) -> Row:
        """The tree as rows."""
        return rows_of(self.board, self.titles, self.draft.key)

    @cached_property
    def picture(self) -> str:
        """The picture as it would be shown: the uploaded one, or the one that is drawn from name and organisation."""
        content = badges.with_picture(self.definition).image
        kind = "png" if content.startswith(b"\x89PNG") else "svg+xml"
        return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"

    @cached_property
    def picture_alt(self) -> str:
        """The text alternative that would be published."""
        return badges.with_picture(self.definition).image_alt

    @cached_property
    def sections(self) -> dict[str, tuple[Field, ...]]:
        """The fields of every section."""
        own = self.content.get("issuer")
        issuers = [
            issuer for issuer in badges.list_issuers() if self.scope.covers(issuer.slug) or issuer.slug == own
        ]
        return {name: fields_of(name, self.content, self.problems, issuers) for name in SECTIONS}

    @cached_property
    def skills(self) -> Found:
        """Skills chosen, and those found."""
        chosen = self.content.get("skills", [])
        return find_skills(self.skill_query, chosen if isinstance(chosen, list) else [])

    def with_board(self, change: Callable[[Board], Board]) -> Desk:
        """The desk after a change of the board."""
        board = change(self.board)
        content = {**self.content, "requirement": _requirement(board, self.draft.content.get("requirement"))}
        return replace(self, board=board, content=content)


def rights_of(person: int, issuer_slug: str) -> Rights:
    """What this person may do with drafts of this organisation."""

    def may(action: permissions.Action) -> bool:
        return permissions.may(person, action, issuer_slug)

    return Rights(
        edit=may(permissions.Action.EDIT_DRAFTS),
        submit=may(permissions.Action.SUBMIT_DRAFTS),
        approve=may(permissions.Action.APPROVE_DRAFTS),
        publish=may(permissions.Action.PUBLISH),
        see_learners=may(permissions.Action.VIEW_AWARDS),
    )


def desk_of_draft(
    draft: badges.Draft, person: int, now: datetime, content: Mapping[str, Any] | None = None
) -> Desk:
    """The draft as it is stored, or with *content* over it that is not stored yet."""
    shown = badges.read_content({**draft.content, **(content or {})})
    rights = rights_of(person, str(draft.content.get("issuer", "")))
    scope = permissions.scope_of(person, permissions.Action.EDIT_DRAFTS)
    return Desk(draft, rights, now, shown, {}, new_board(shown["requirement"]), draft.revision, scope)


def desk_of_post(draft: badges.Draft, person: int, now: datetime, request: HttpRequest) -> Desk:
    """The draft with what was typed over it; an uploaded picture is kept at once, so that it is not lost either."""
    post = request.POST
    rights = rights_of(person, str(draft.content.get("issuer", "")))
    if not rights.edit:  # whoever only looks has typed nothing
        return replace(desk_of_draft(draft, person, now), revision=_revision(post))
    board = read_board(post, draft.content.get("requirement"))
    content = {**draft.content, **content_of_post(post)}
    content["requirement"] = _requirement(board, draft.content.get("requirement"))
    content["image"] = "" if post.get("no-picture") else post.get("image", "")
    problems: dict[str, str] = {}
    upload = request.FILES.get("picture")
    if upload is not None and not post.get("no-picture"):
        try:
            content["image"] = badges.keep_picture(upload.read(MAX_IMAGE_BYTES + 1)).sha256
        except badges.PictureRefused as error:
            problems["image"] = str(error)
    try:
        badges.read_content(content)
    except badges.DraftRefused as error:
        problems |= error.problems
    scope = permissions.scope_of(person, permissions.Action.EDIT_DRAFTS)
    return Desk(
        draft,
        rights,
        now,
        content,
        problems,
        board,
        _revision(post),
        scope,
        skill_query=post.get("skill-query", "")[:100],
    )


def preview_of(desk: Desk, person: int) -> Desk:
    """The desk with what the rule would do now, or how far that is computed; awards nothing."""
    if desk.node is None:
        return desk
    info = backfill.preview_as_of_now(desk.draft.key, desk.node, actor_id=person, now=desk.now)
    numbers = info.preview
    if numbers is None:
        return replace(desk, preview=PreviewView(None, info.percent))
    named = desk.rights.see_learners
    view = PreviewView(
        numbers,
        gaining=_names(numbers.gains) if named else (),
        losing=_names(numbers.no_longer) if named else (),
    )
    return replace(desk, preview=view)


def _names(learner_ids: tuple[int, ...]) -> tuple[str, ...]:
    shown = learner_ids[:SHOWN_NAMES]
    return tuple(platform().learner_name(learner_id) or f"#{learner_id}" for learner_id in shown)


def _requirement(board: Board, stored: Any) -> Any:
    """What is stored of the board. A stored value that is no tree stays until somebody builds one."""
    untouched: Tree = {"all": []}
    try:
        open_tree(stored)
    except EditRefused:
        return stored if board.tree == untouched else board.tree
    return close_tree(board.tree, stored)


def _revision(post: QueryDict) -> int:
    """The revision that the person saw; zero, which never is, for a form that does not say."""
    text = post.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def read_json(text: str) -> dict[str, Any]:
    """An object that travelled in a hidden field; empty when somebody tampered with it."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
