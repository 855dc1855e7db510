"""Studio's form for evidence: what it shows, and what it takes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from web_fragments.fragment import Fragment

from . import bridge, catalogue
from .authoring import require_author
from .evidence_task import KINDS, RECORDINGS, read_hand_in
from .form_values import as_flag, as_number, as_text, as_whole, refusal, with_ids
from .rendering import add_resources, as_data, render, translator
from .rubric import read_rubric, rubric_as_dict
from .validation import evidence_problems

__all__ = ["FIELDS", "form_fragment", "save_form", "save_rubric"]

FIELDS = (
    "display_name",
    "instructions",
    "accept",
    "max_files",
    "max_megabytes",
    "allow_text",
    "allow_link",
    "review_mode",
    "rubric",
    "needs",
    "record",
    "clean_pictures",
    "attempts_allowed",
    "resubmit_days",
    "late_work",
    "second_marker_percent",
)


def form_fragment(block: Any) -> Fragment:
    """The form with the block's values; unreadable ones come up empty, with the problem named above."""
    _ = translator(block).gettext
    task = read_hand_in(block.authored())
    names = {
        "image": _("Images"),
        "pdf": _("PDF"),
        "text": _("Plain text"),
        "audio": _("Sound"),
        "video": _("Video"),
        "document": _("Office documents"),
        "archive": _("Zip archives"),
    }
    recordings = {"audio": _("Sound, with the microphone"), "video": _("Video, with the camera")}
    rubric = rubric_as_dict(task.rubric) or {"criteria": [], "pass_points": 0}
    fragment = Fragment(
        render(
            block,
            "evidence_form.html",
            {
                "values": block.authored(),
                "task": task,
                "kinds": [(kind, names[kind], kind in task.accept) for kind in KINDS],
                "rubric": as_data(rubric),
                "recordings": [(kind, recordings[kind], kind in task.record) for kind in RECORDINGS],
                "saved_rubrics": saved_rubrics(block),
                "size_advice": block.size_advice(),
                "problems": block.own_problems() if task.instructions or task.rubric.criteria else [],
            },
        )
    )
    add_resources(block, fragment, styles=("studio",), scripts=("page", "studio"))
    fragment.initialize_js("MicrocredEvidenceForm")
    return fragment


def save_form(block: Any, data: dict[str, Any]) -> Any:
    """Sets the fields once every one of them is right; refuses with messages otherwise and sets none."""
    require_author(block)
    values = read_form(data)
    problems = evidence_problems(values, translator(block).gettext)
    if problems:
        return refusal(block, problems)
    for name in FIELDS:
        setattr(block, name, values[name])
    return {"result": "success"}


def read_form(data: dict[str, Any]) -> dict[str, Any]:
    """Field values of what the form sent; kept as sent where unreadable, so that validation can say so."""
    accept = data.get("accept")
    return {
        "display_name": as_text(data.get("display_name")),
        "instructions": as_text(data.get("instructions")),
        "accept": [kind for kind in KINDS if kind in accept] if isinstance(accept, list) else accept,
        "max_files": as_whole(data.get("max_files")),
        "max_megabytes": as_number(data.get("max_megabytes")),
        "allow_text": as_flag(data.get("allow_text")),
        "allow_link": as_flag(data.get("allow_link")),
        "review_mode": as_text(data.get("review_mode")),
        "rubric": _read_rubric_form(data.get("rubric")),
        "needs": as_text(data.get("needs", "any")),
        "record": _read_record(data),
        "clean_pictures": as_flag(data.get("clean_pictures", True)),
        "attempts_allowed": as_whole(data.get("attempts_allowed", 0)),
        "resubmit_days": as_whole(data.get("resubmit_days", 0)),
        "late_work": as_text(data.get("late_work", "mark")),
        "second_marker_percent": as_whole(data.get("second_marker_percent", 0)),
    }


def saved_rubrics(block: Any) -> list[tuple[str, str]]:
    """Rubrics of the organisation to pick from: title, and content as data for the page."""
    if not bridge.available():
        return []
    found = catalogue.list_rubrics(organisation_of(block))
    return [(entry.title, as_data(entry.content)) for entry in found]


def save_rubric(block: Any, data: dict[str, Any], *, actor_id: int | None) -> dict[str, Any]:
    """Saves the rubric of the form, as it is typed, under a title in the organisation's catalogue."""
    require_author(block)
    rubric = _read_rubric_form(data.get("rubric"))
    content = rubric_as_dict(read_rubric(rubric)) if isinstance(rubric, dict) else {}
    saved = catalogue.save_rubric(
        organisation_of(block), as_text(data.get("title")), content, actor_id=actor_id, now=datetime.now(UTC)
    )
    said = translator(block).gettext("Saved as “{title}”. Other units can use it now.")
    return {"title": saved.title, "content": saved.content, "message": said.format(title=saved.title)}


def organisation_of(block: Any) -> str:
    """The organisation in the course's key; the whole key where it names none."""
    usage = block.scope_ids.usage_id
    key = getattr(usage, "context_key", None) or getattr(usage, "course_key", None)
    return str(getattr(key, "org", "") or key or "")


def _read_record(data: dict[str, Any]) -> Any:
    """What can be recorded; kinds that are not accepted as files fall away with their box."""
    record, accept = data.get("record", []), data.get("accept")
    if not isinstance(record, list) or not isinstance(accept, list):
        return record
    return [kind for kind in RECORDINGS if kind in record and kind in accept]


def _read_rubric_form(sent: object) -> Any:
    if not isinstance(sent, dict):
        return sent
    criteria = [
        {
            "id": entry["id"],
            "name": as_text(entry.get("name")),
            "description": as_text(entry.get("description")),
            "levels": [
                {
                    "id": level["id"],
                    "name": as_text(level.get("name")),
                    "points": as_number(level.get("points")) or 0,
                    "description": as_text(level.get("description")),
                }
                for level in with_ids(entry.get("levels"), "l")
            ],
        }
        for entry in with_ids(sent.get("criteria"), "c")
    ]
    if not criteria:
        return {}
    return {"criteria": criteria, "pass_points": as_number(sent.get("pass_points")) or 0}
