"""The unit's page: its header, its steps in the order of the children, and where the learner left off."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from web_fragments.fragment import Fragment
from xblock.exceptions import JsonHandlerError

from . import bridge, catalogue, refresher, sentences, unit_onward
from .check_posts import csrf_token
from .guards import reader_mark, require_learner
from .insights_link import insights_url
from .journey import Journey
from .parts import CHECK, EVIDENCE, visible
from .progress import local_progress, minutes_left, resume_place
from .rendering import add_resources, as_data, html_id, render, translator
from .returning import welcome_back
from .template_tags import day_and_time
from .validation import LAYOUTS

__all__ = ["author_problems", "intro_fragment", "unit_fragment"]

POLL_SECONDS = 20


def unit_fragment(block: Any, journey: Journey, context: dict[str, Any]) -> Fragment:
    """The unit with its children, opened at the step this learner left."""
    i18n = translator(block)
    fragment = Fragment()
    unrecorded = _why_unrecorded(journey)
    notices = [unrecorded] if unrecorded else []
    try:
        # A learner's visit settles what happened while they were away: a review that passed, say.
        progress = journey.progress() if unrecorded else journey.record_content()
    except bridge.RefusalError as refusal:
        notices.append(str(refusal))
        progress = local_progress(journey.unit.usage_key, [part.usage_key for part in journey.unit.parts], {})
    states = {part.usage_key: part.state for part in progress.parts}
    steps = _render_steps(block, journey, states, context, fragment)
    keys = [step["usage_key"] for step in steps]
    place = resume_place(keys, block.resume_at or "", states)
    for number, step in enumerate(steps):
        step["current"] = number == place
    left = minutes_left(journey.unit.minutes, progress.done, progress.total)
    returning = block.started and not progress.complete and progress.total > 0
    last_seen = None if unrecorded or not steps else _note_visit(journey, progress, keys[place])
    strip = welcome_back(
        i18n,
        steps=steps,
        place=place,
        progress=progress,
        minutes=journey.unit.minutes,
        last_seen=last_seen,
        now=datetime.now(UTC),
    )
    say = sentences.refreshed if refresher.is_on(block) else sentences.progress
    fragment.content = render(
        block,
        "unit.html",
        {
            **_header(block, journey.unit.minutes),
            "steps": steps,
            "layout": _layout(block),
            "seen_url": "" if unrecorded else block.runtime.handler_url(block, "seen"),
            "csrf": csrf_token(),
            "progress": progress,
            "progress_sentence": say(i18n, progress.done, progress.total),
            "left": "" if progress.complete else sentences.minutes_left(i18n, left),
            "strip": strip,
            "welcome": sentences.welcome_back(i18n, progress.done, progress.total, left)
            if returning and not strip
            else "",
            "due": _due(i18n, journey, progress),
            "fruits": journey.fruits(progress),
            "onward": unit_onward.pieces(block, journey, progress),
            "notices": notices + staff_notices(block, journey),
            "insights_url": insights_url(block)
            if journey.visitor.staff and not journey.visitor.preview
            else "",
            "problems": _problems_for_staff(block, journey),
            "settings": as_data(_page_settings(block, journey, saves=not unrecorded)),
        },
    )
    add_resources(block, fragment, styles=("microcred",), scripts=("page", "unit"))
    fragment.initialize_js("MicrocredUnit")
    return fragment


def _note_visit(journey: Journey, progress: Any, step: str) -> datetime | None:
    """Notes that the learner is here; when they were here last. A trace that fails costs nobody their page."""
    journey.tell(
        "unit.viewed",
        course=journey.unit.course_key,
        outcome=journey.unit.outcome_key,
        done=progress.done,
        total=progress.total,
        complete=bool(progress.complete),
    )
    try:
        return journey.note_step(step)
    except bridge.RefusalError:
        return None


def _due(i18n: Any, journey: Journey, progress: Any) -> dict[str, str] | None:
    """The learner's deadline in words, while there is something left to do."""
    deadline = journey.deadline
    if deadline is None or progress.complete:
        return None
    state = deadline.state(datetime.now(UTC))
    due, closes = day_and_time(deadline.due), day_and_time(deadline.closes_at)
    return {"state": state, "sentence": sentences.deadline(i18n, state, due, closes)}


def intro_fragment(block: Any) -> Fragment:
    """The unit's title, outcome and steps, to read and not to use."""
    minutes = block.estimated_minutes if isinstance(block.estimated_minutes, int) else 0
    titles = [str(getattr(child, "display_name", "") or "") for child in visible(block)]
    fragment = Fragment(
        render(
            block,
            "unit_intro.html",
            {**_header(block, minutes), "titles": [title for title in titles if title]},
        )
    )
    return add_resources(block, fragment, styles=("microcred",), scripts=())


def author_problems(block: Any) -> list[str]:
    """What an author should mend in this unit: its own fields, its outcome, its parts."""
    _ = translator(block).gettext
    problems = list(block.own_problems())
    if block.outcome_key and bridge.available() and catalogue.get_outcome(block.outcome_key) is None:
        problems.append(
            _("The outcome of this unit is not in the catalogue of this site. Choose another one.")
        )
    children = visible(block)
    if not children:
        problems.append(_("The unit has no parts yet: add a text, a quick check or evidence."))
    for child in children:
        title = str(getattr(child, "display_name", "") or child.scope_ids.block_type)
        own = child.own_problems() if child.scope_ids.block_type in (CHECK, EVIDENCE) else []
        problems += [f"{title}: {problem}" for problem in own]
        if child.scope_ids.block_type not in (CHECK, EVIDENCE) and _scores_by_itself(child):
            message = _(
                "“{title}” has points of its own, added to the unit's. Set its weight to 0 if only the unit counts."
            )
            problems.append(message.format(title=title))
    return problems


def _scores_by_itself(child: Any) -> bool:
    return bool(getattr(child, "has_score", False)) and getattr(child, "weight", None) != 0


def staff_notices(block: Any, journey: Journey) -> list[str]:
    """What staff should know about the site or about what they are looking at."""
    _ = translator(block).gettext
    if not journey.visitor.staff:
        return []
    if not bridge.available():
        return [_("Badges are not set up on this site: the unit works, but nobody can earn a badge with it.")]
    return []


def _problems_for_staff(block: Any, journey: Journey) -> list[str]:
    """Problems for staff in the LMS; in Studio the page shows what ``validate()`` says already."""
    return author_problems(block) if journey.visitor.staff and not journey.visitor.preview else []


def _why_unrecorded(journey: Journey) -> str:
    """Why nothing this visitor does is recorded; empty for a learner of the course.

    Staff who are not enrolled look at units all day: the page says so once instead of failing at every step.
    """
    try:
        require_learner(journey.block)
    except JsonHandlerError as refused:
        return str(refused.message)
    return ""


def _header(block: Any, minutes: int) -> dict[str, Any]:
    outcome = catalogue.get_outcome(block.outcome_key) if bridge.available() and block.outcome_key else None
    return {
        "title": block.display_name,
        "outcome": outcome.statement if outcome else "",
        "minutes": sentences.minutes(translator(block), minutes) if minutes > 0 else "",
    }


def _layout(block: Any) -> str:
    return block.layout if block.layout in LAYOUTS else LAYOUTS[0]


def _render_steps(
    block: Any, journey: Journey, states: dict[str, str], context: dict[str, Any], fragment: Fragment
) -> list[dict[str, Any]]:
    """Each child the learner may see, rendered, with what the navigation says about it."""
    i18n = translator(block)
    kinds = {part.usage_key: part.kind for part in journey.unit.parts}
    on_view = _marked_on_view(journey)
    steps = []
    for number, child in enumerate(journey.children, start=1):
        key = str(child.scope_ids.usage_id)
        child_context = {name: value for name, value in context.items() if name != "wrap_xblock_data"}
        child_context |= {"child_of_vertical": False, "in_microcred_unit": True}
        if key in on_view:
            child_context["wrap_xblock_data"] = {"mark-completed-on-view-after-delay": on_view[key]}
        rendered = block.render_step(child, child_context, preview=journey.visitor.preview)
        fragment.add_fragment_resources(rendered)
        state = states.get(key, "")
        steps.append(
            {
                "number": number,
                "place": sentences.step_of(i18n, number, len(journey.children)),
                "usage_key": key,
                "id": html_id(child),
                "kind": kinds.get(key, ""),
                "title": str(getattr(child, "display_name", "") or i18n.gettext("Step {n}").format(n=number)),
                "state": state,
                "state_label": sentences.part_state(i18n, state) if state else "",
                "content": rendered.content,
                # A button for what no "Continue" follows; nobody should have to guess the platform's clock.
                "may_mark": state == "todo"
                and kinds.get(key) == "content"
                and (journey.counts_by_view or key in on_view),
            }
        )
    return steps


def _marked_on_view(journey: Journey) -> dict[str, int]:
    """Milliseconds after which the platform's page marks a child complete, by usage key.

    The platform hands this only to the direct children of its own unit page. Without it a text inside our
    container would never be complete.
    """
    completion = journey.completion()
    if completion is None:
        return {}
    delay = int(completion.get_complete_on_view_delay_ms())
    marked = completion.blocks_to_mark_complete_on_view(journey.content())
    return {str(child.scope_ids.usage_id): delay for child in marked}


def _page_settings(block: Any, journey: Journey, *, saves: bool) -> dict[str, Any]:
    """What the page's script needs; texts are translated here, so that it carries none."""
    _ = translator(block).gettext
    return {
        "poll": POLL_SECONDS,
        "viewDelay": int(getattr(settings, "COMPLETION_BY_VIEWING_DELAY_MS", 5000)),
        "byView": journey.counts_by_view,
        "saves": saves,
        "who": reader_mark(block),
        "signIn": str(getattr(settings, "LOGIN_URL", "") or ""),
        "csrfCookie": str(getattr(settings, "CSRF_COOKIE_NAME", "csrftoken")),
        "texts": {
            "stepOf": _("Step {number} of {total}: {title}"),
            "failed": _("Your progress could not be saved. Check your connection; we keep trying."),
            "copied": _("The link is copied."),
            "copyByHand": _("Press Ctrl+C or Command+C to copy the link."),
            "shareFailed": _("The link could not be changed. Try again in a moment."),
            "saved": _("Your progress is saved."),
            "failedHere": _("This did not work. Try again in a moment."),
        },
        # Sentences that the scripts of every block in the unit need.
        "shared": {
            "signedOut": _(
                "You are signed out. What you wrote is kept on this device and saved once you are back."
            ),
            "signIn": _("Sign in in a new window"),
            "restored": _("What you wrote before is back and is being saved."),
            "takeOther": _("Take the other one"),
            "keepMine": _("Keep what is here"),
        },
    }
