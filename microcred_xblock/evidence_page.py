"""The page of an evidence block: task, rubric, and a panel that is drawn anew after every change."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from web_fragments.fragment import Fragment

from . import bridge, sentences
from .drafts import draft_mark
from .evidence_task import suffixes_of
from .guards import Visitor, visitor_of
from .journey import Journey, journey_of
from .payload import link_address, submission_payload
from .rendering import add_resources, as_data, render, translator

__all__ = ["draft_words", "evidence_fragment", "panel_html", "why_not"]


def evidence_fragment(block: Any, visitor: Visitor, context: dict[str, Any]) -> Fragment:
    """The task and, for a learner whose work can be kept, the panel to hand it in."""
    journey = journey_of(block, visitor)
    usable = journey is not None and journey.recorded
    submission = None
    if journey is not None and usable and journey.recorded:
        submission = bridge.current_submission(journey.learner_id, str(block.scope_ids.usage_id))
    fragment = Fragment(
        render(
            block,
            "evidence.html",
            {
                "task": block.task,
                "title": block.display_name,
                "shows_title": not context.get("in_microcred_unit") and not visitor.preview,
                "panel": panel_html(block, submission) if usable or visitor.preview else "",
                "preview": visitor.preview,
                "why_not": ""
                if usable or visitor.preview
                else why_not(block, journey, signed_in=visitor.signed_in),
                "problems": block.own_problems() if visitor.staff and not visitor.preview else [],
                "settings": as_data({**_page_settings(block), "mark": draft_mark(draft_words(submission))}),
            },
        )
    )
    add_resources(block, fragment, styles=("microcred",), scripts=("page", "evidence"))
    fragment.initialize_js("MicrocredEvidence")
    return fragment


def panel_html(block: Any, submission: Any | None) -> str:
    """The learner's side: what they handed in, what was said about it, and what they can do now."""
    i18n = translator(block)
    task = block.task
    state = submission.state if submission is not None else "draft"
    shown = submission_payload(submission) or {
        "files": [],
        "text": "",
        "link": "",
        "comment": "",
        "attempt": 1,
    }
    for file in shown["files"]:
        file["size_text"] = sentences.size(i18n, file["size"])
    files_left = max(0, task.max_files - len(shown["files"])) if state == "draft" else task.max_files
    return render(
        block,
        "evidence_panel.html",
        {
            "task": task,
            "state": state,
            "submission": shown,
            "submitted_at": submission.submitted_at if submission is not None else None,
            "link_href": link_address(shown["link"]),
            "rubric_result": shown.get("rubric_result", []),
            "feedback": _feedback(block, submission),
            "editable": state in ("draft", "returned"),
            # A returned submission stays as it was judged; what is added now belongs to the next one.
            "kept": shown
            if state == "draft"
            else {"files": [], "text": shown["text"], "link": shown["link"]},
            "files_left": files_left,
            "accepted": sentences.accepted(i18n, task) if task.takes_files else "",
            "suffixes": ",".join(suffixes_of(task.accept)),
        },
    )


def draft_words(submission: Any | None) -> dict[str, str]:
    """The words of a submission that a page may still change: text and link."""
    if submission is None:
        return {"text": "", "link": ""}
    return {"text": submission.text, "link": submission.link}


def _feedback(block: Any, submission: Any | None) -> dict[str, Any] | None:
    """What was said about the learner's work; nothing before anything was handed in."""
    visitor = visitor_of(block)
    if submission is None or visitor.user_id is None or not visitor.recorded:
        return None
    found = bridge.feedback(visitor.user_id, str(block.scope_ids.usage_id))
    if not found.page_url:
        return None
    return {
        "lines": found.lines,
        "answer_by": found.answer_by if submission.state == "in_review" else None,
        "page_url": link_address(found.page_url),
    }


def why_not(block: Any, journey: Journey | None, *, signed_in: bool = True) -> str:
    """Why nothing can be handed in here, for the person who stands before it."""
    _ = translator(block).gettext
    if not signed_in:
        return str(_("Sign in to hand in your work."))
    if journey is None:
        return str(_("Work can only be handed in inside a micro-unit. Tell your course team."))
    if not bridge.available():
        return str(_("Handing in is not set up on this site. You can finish the unit without it."))
    return str(_("This unit has no outcome yet, so nothing can be handed in. Tell your course team."))


def _page_settings(block: Any) -> dict[str, Any]:
    i18n = translator(block)
    _ = i18n.gettext
    task = block.task
    too_large = _("“{name}” is larger than {limit}. Make it smaller and try again.")
    if task.allow_link:
        too_large = _("“{name}” is larger than {limit}. Make it smaller, or hand in a link instead.")
    return {
        "maxBytes": task.max_bytes,
        "csrfCookie": str(getattr(settings, "CSRF_COOKIE_NAME", "csrftoken")),
        "texts": {
            "tooLarge": too_large.replace("{limit}", sentences.size(i18n, task.max_bytes)),
            "uploading": _("Uploading “{name}”: {percent} %"),
            "uploaded": _("“{name}” was added."),
            "removed": _("“{name}” was removed."),
            "uploadFailed": _("“{name}” could not be uploaded. Check your connection and try again."),
            "saving": _("Saving your draft…"),
            "saved": _("Draft saved."),
            "notSaved": _("Your draft is not saved yet. Check your connection; we keep trying."),
            "failed": _("This could not be sent. Check your connection and try again: nothing is lost."),
            "handedIn": _("Your work was handed in."),
        },
    }
