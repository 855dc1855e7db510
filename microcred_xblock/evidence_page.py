"""The page of an evidence block: task, rubric, and a panel that is drawn anew after every change."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import crum
from django.conf import settings
from django.middleware.csrf import get_token
from django.utils import formats, timezone
from web_fragments.fragment import Fragment

from . import bridge, sentences
from .drafts import draft_mark
from .evidence_task import suffixes_of
from .guards import Visitor, visitor_of
from .journey import Journey, journey_of
from .payload import link_address, submission_payload
from .rendering import add_resources, as_data, render, translator

__all__ = ["desk_of", "draft_words", "evidence_fragment", "panel_html", "why_not"]


def evidence_fragment(block: Any, visitor: Visitor, context: dict[str, Any]) -> Fragment:
    """The task and, for a learner whose work can be kept, the panel to hand it in."""
    journey = journey_of(block, visitor)
    usable = journey is not None and journey.recorded
    desk = desk_of(block, journey) if journey is not None and usable else None
    words = draft_words(desk.submission if desk is not None else None)
    fragment = Fragment(
        render(
            block,
            "evidence.html",
            {
                "task": block.task,
                "title": block.display_name,
                "shows_title": not context.get("in_microcred_unit") and not visitor.preview,
                "panel": panel_html(block, desk) if usable or visitor.preview else "",
                "preview": visitor.preview,
                "why_not": ""
                if usable or visitor.preview
                else why_not(block, journey, signed_in=visitor.signed_in),
                "problems": block.own_problems() if visitor.staff and not visitor.preview else [],
                "settings": as_data({**_page_settings(block), "mark": draft_mark(words)}),
            },
        )
    )
    add_resources(block, fragment, styles=("microcred",), scripts=("page", "evidence"))
    fragment.initialize_js("MicrocredEvidence")
    return fragment


def desk_of(block: Any, journey: Journey) -> Any:
    """Everything that lies on the learner's desk for this task."""
    return bridge.evidence_desk(
        journey.learner_id, journey.unit, str(block.scope_ids.usage_id), block.task, now=datetime.now(UTC)
    )


def panel_html(block: Any, desk: Any | None) -> str:
    """The learner's side: what they handed in, what was said about it, and what they can do now."""
    i18n = translator(block)
    task = block.task
    submission = desk.submission if desk is not None else None
    standing = desk.standing if desk is not None else None
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
            "open": standing is None or not standing.refused,
            "limits": sentences.limits(i18n, standing, say_moment)
            if standing is not None and state in ("draft", "returned")
            else [],
            "late": bool(submission is not None and submission.late),
            "uploads": [_waiting(i18n, upload) for upload in desk.uploads] if desk is not None else [],
            "own_url": link_address(desk.own_url) if desk is not None else "",
            "receipt_url": f"{link_address(desk.own_url)}{submission.id}/receipt.txt"
            if desk is not None and submission is not None
            else "",
            "records": [kind for kind in task.record if files_left],
            "post_url": block.runtime.handler_url(block, "post"),
            "csrf_token": csrf_token(),
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


def _waiting(i18n: Any, upload: Any) -> dict[str, Any]:
    """An upload that stopped, for the list and for the script that goes on with it."""
    percent = 100 * upload.offset // upload.length
    stopped = i18n.gettext("stopped at {percent} % of {size}")
    return {
        "id": upload.id,
        "name": upload.name,
        "length": upload.length,
        "fingerprint": upload.fingerprint,
        "percent": percent,
        "stopped": stopped.format(percent=percent, size=sentences.size(i18n, upload.length)),
    }


def say_moment(moment: datetime) -> str:
    """Date and time as the reader's language writes them, in the site's time zone."""
    return str(formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT"))


def csrf_token() -> str:
    """The token a plain form must carry; empty where there is no request."""
    request = crum.get_current_request()
    return get_token(request) if request is not None else ""


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
        "scripts": {
            name: block.runtime.local_resource_url(block, f"static/js/{name}.js")
            for name in ("upload", "recorder")
        },
        "csrfCookie": str(getattr(settings, "CSRF_COOKIE_NAME", "csrftoken")),
        "texts": {
            "tooLarge": too_large.replace("{limit}", sentences.size(i18n, task.max_bytes)),
            "uploading": _("Uploading “{name}”: {percent} %"),
            "secondsLeft": _("Uploading “{name}”: {percent} %, less than a minute left"),
            "minutesLeft": _("Uploading “{name}”: {percent} %, about {minutes} min left"),
            "checking": _("Checking “{name}”…"),
            "waiting": _("No connection. “{name}” goes on by itself as soon as it is back; nothing is lost."),
            "goesOn": _("Going on with “{name}” where it stopped."),
            "stopped": _("The upload of “{name}” was ended."),
            "noDevice": _("Microphone or camera cannot be used. Allow it in your browser, or choose a file."),
            "recording": _("Recording: {time}"),
            "recorded": _("Recorded: {time}. Listen or look before you add it."),
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
