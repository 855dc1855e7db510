"""Badges, pathways and skills ask for the office themselves: whoever calls them, pages or other code, cannot forget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from microcred_app.applets.audit import api as audit
from microcred_app.applets.badges import api as badges
from microcred_app.applets.badges.models import (
    Badge,
    BadgeDraft,
    BadgeVersion,
    DraftComment,
    DraftRevision,
    Issuer,
)
from microcred_app.applets.offices import api as offices
from microcred_app.applets.pathways import api as pathways
from microcred_app.applets.pathways.models import Pathway
from microcred_app.applets.skills import api as skills
from microcred_app.applets.skills.models import Outcome, Skill, SkillFramework, SkillRelation
from microcred_app.permissions import api as permissions
from tests.applets.test_drafts import READY
from tests.fixtures.catalogue import NOW, definition, make_officer, make_user, publish

TABLES = (Badge, BadgeDraft, BadgeVersion, DraftComment, DraftRevision, Issuer, Pathway, Outcome, Skill, SkillFramework,
          SkillRelation)  # fmt: skip
Act = Callable[[int], Any]


def road(state: str = "published", **changes: str) -> pathways.PathwayDefinition:
    return pathways.PathwayDefinition(
        **({"key": "road", "title": "Road", "badge_key": "held", "state": state} | changes)
    )


def draft(state: str) -> None:
    """A draft of the school in this state, written by the operator."""
    badges.open_draft("part-a", READY, actor_id=None, now=NOW)
    if state != "draft":
        badges.submit_draft("part-a", revision=1, actor_id=None, now=NOW)


#: What is done, the state in which the draft stands before, and the roles of the school that may.
ACTS: dict[str, tuple[str, Act, set[str]]] = {
    "open a draft": (
        "",
        lambda who: badges.open_draft("new", READY, actor_id=who, now=NOW),
        {"registrar", "steward"},
    ),
    "open the next version": (
        "",
        lambda who: badges.open_draft("held", actor_id=who, now=NOW),
        {"registrar", "steward"},
    ),
    "save": (
        "draft",
        lambda who: badges.save_draft("part-a", {"minutes": 7}, revision=1, actor_id=who, now=NOW),
        {"registrar", "steward"},
    ),
    "submit": (
        "draft",
        lambda who: badges.submit_draft("part-a", revision=1, actor_id=who, now=NOW),
        {"registrar", "steward"},
    ),
    "approve": (
        "in_review",
        lambda who: badges.approve_draft("part-a", revision=1, actor_id=who, now=NOW),
        {"registrar", "reviewer"},
    ),
    "send back": (
        "in_review",
        lambda who: badges.send_back_draft("part-a", revision=1, comment="No", actor_id=who, now=NOW),
        {"registrar", "reviewer"},
    ),
    "discard": (
        "draft",
        lambda who: badges.discard_draft("part-a", revision=1, actor_id=who, now=NOW),
        {"registrar", "steward"},
    ),
    "comment": (
        "draft",
        lambda who: badges.comment_on_draft("part-a", "Good", actor_id=who, now=NOW),
        {"registrar", "steward", "reviewer", "auditor"},
    ),
    "publish a draft": (
        "draft",
        lambda who: badges.publish_draft("part-a", revision=1, actor_id=who, now=NOW),
        {"registrar"},
    ),
    "publish": (
        "",
        lambda who: badges.publish_badge(definition("b", {"outcome": "o.b"}), actor_id=who, now=NOW),
        {"registrar"},
    ),
    "govern": (
        "",
        lambda who: badges.govern_badge("held", badges.Governance(owner="New"), actor_id=who, now=NOW),
        {"registrar"},
    ),
    "edit the organisation": (
        "",
        lambda who: badges.define_issuer(slug="school", name="New", url="https://s.example", actor_id=who),
        {"registrar"},
    ),
    "draft a pathway": (
        "",
        lambda who: pathways.store_pathway(road("draft"), actor_id=who, now=NOW),
        {"registrar", "steward"},
    ),
    "publish a pathway": (
        "",
        lambda who: pathways.store_pathway(road(), actor_id=who, now=NOW),
        {"registrar"},
    ),
    "define a framework": (
        "",
        lambda who: skills.define_framework(key="new", name="New", actor_id=who),
        {"registrar", "steward"},
    ),
    "define a skill": (
        "",
        lambda who: skills.define_skill(key="s.new", framework_key="bikes", name="New", actor_id=who),
        {"registrar", "steward"},
    ),
    "define an outcome": (
        "",
        lambda who: skills.define_outcome(key="o.new", statement="New", skill_key="", now=NOW, actor_id=who),
        {"registrar", "steward"},
    ),
    "retire a skill": (
        "",
        lambda who: skills.retire_skill("s.a", actor_id=who, now=NOW),
        {"registrar", "steward"},
    ),
    "relate skills": (
        "",
        lambda who: skills.relate_skills("s.a", "broader", "s.b", actor_id=who),
        {"registrar", "steward"},
    ),
    "unrelate skills": (
        "",
        lambda who: skills.unrelate_skills("s.a", "broader", "s.b", actor_id=who),
        {"registrar", "steward"},
    ),
}


def everything() -> list[list[dict[str, Any]]]:
    return [list(table._default_manager.order_by("pk").values()) for table in TABLES]


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("role", ["registrar", "steward", "reviewer", "auditor", ""])
def test_only_the_roles_that_may_change_anything(name: str, role: str) -> None:
    state, act, allowed = ACTS[name]
    publish("held", {"outcome": "o.a"})
    if state:
        draft(state)
    who = make_officer("ruth", role) if role else make_user("ruth")
    before, entries = everything(), len(audit.list_entries(limit=500))
    if role in allowed:
        act(who)
        return
    with pytest.raises(permissions.NotAllowed):
        act(who)
    assert everything() == before
    assert len(audit.list_entries(limit=500)) == entries


@pytest.mark.parametrize("name", [name for name, (_state, _act, _roles) in ACTS.items() if "skill" not in name
                                  and "framework" not in name and "outcome" not in name])  # fmt: skip
def test_a_registrar_of_another_organisation_changes_nothing(name: str) -> None:
    state, act, _allowed = ACTS[name]
    badges.define_issuer(slug="college", name="A college", url="https://college.example")
    publish("held", {"outcome": "o.a"})
    if state:
        draft(state)
    before = everything()
    with pytest.raises(permissions.NotAllowed):
        act(make_officer("otto", issuer_slug="college"))
    assert everything() == before


def test_a_draft_is_not_moved_into_or_out_of_an_organisation_by_somebody_who_writes_only_for_one() -> None:
    badges.define_issuer(slug="college", name="A college", url="https://college.example")
    draft("draft")
    ruth, otto = make_officer("ruth"), make_officer("otto", issuer_slug="college")
    for who, slug in ((ruth, "college"), (otto, "college"), (otto, "school")):
        with pytest.raises(permissions.NotAllowed):
            badges.save_draft("part-a", {"issuer": slug}, revision=1, actor_id=who, now=NOW)
    offices.give_role(ruth, "college", "steward", actor_id=None, now=NOW)
    moved = badges.save_draft("part-a", {"issuer": "college"}, revision=1, actor_id=ruth, now=NOW)
    assert moved.content["issuer"] == "college"


def test_a_pathway_is_not_taken_over_by_pointing_it_at_an_own_badge() -> None:
    badges.define_issuer(slug="college", name="A college", url="https://college.example")
    publish("held", {"outcome": "o.a"})
    publish("other", {"outcome": "o.a"}, issuer_slug="college")
    pathways.store_pathway(road(), actor_id=None, now=NOW)
    otto = make_officer("otto", issuer_slug="college")
    with pytest.raises(permissions.NotAllowed):
        pathways.store_pathway(road(badge_key="other"), actor_id=otto, now=NOW)


def test_a_published_pathway_is_not_hidden_by_somebody_who_may_not_publish() -> None:
    publish("held", {"outcome": "o.a"})
    pathways.store_pathway(road(), actor_id=None, now=NOW)
    with pytest.raises(permissions.NotAllowed):
        pathways.store_pathway(road("draft"), actor_id=make_officer("stella", "steward"), now=NOW)


def test_entries_about_drafts_pathways_and_skills_name_the_organisation() -> None:
    ruth = make_officer("ruth")
    publish("held", {"outcome": "o.a"})
    badges.open_draft("part-a", READY, actor_id=ruth, now=NOW)
    badges.save_draft("part-a", {"minutes": 7}, revision=1, actor_id=ruth, now=NOW)
    badges.submit_draft("part-a", revision=2, actor_id=ruth, now=NOW)
    badges.send_back_draft("part-a", revision=2, comment="No", actor_id=ruth, now=NOW)
    badges.discard_draft("part-a", revision=2, actor_id=ruth, now=NOW)
    pathways.store_pathway(road(), actor_id=ruth, now=NOW)
    skills.retire_skill("s.a", actor_id=ruth, now=NOW)
    skills.create_outcome(statement="Weld a frame", skill_key="s.b", actor_id=ruth, now=NOW)
    file = skills.SourceFile("skills.csv", b"key,name\nx.1,New\n")
    skills.import_skills(
        [file], skills.FrameworkChoice("new", "New"), format_name="csv", actor_id=ruth, now=NOW
    )
    found = {entry.action: entry.issuer_slug for entry in audit.list_entries(actor_id=ruth, limit=100)}
    assert found == dict.fromkeys(found, "school")
    assert len(found) == 9


def test_who_acts_for_several_organisations_is_named_with_the_first_and_the_operator_with_none() -> None:
    ruth = make_officer("ruth")
    offices.give_role(ruth, "academy", "steward", actor_id=None, now=NOW)
    assert permissions.acting_for(ruth, permissions.Action.MANAGE_SKILLS) == "academy"
    assert permissions.acting_for(ruth, permissions.Action.PUBLISH) == "school"
    assert permissions.acting_for(None, permissions.Action.MANAGE_SKILLS) == ""
    assert permissions.acting_for(make_user("nobody"), permissions.Action.MANAGE_SKILLS) == ""
