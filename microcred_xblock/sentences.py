"""The sentences that carry numbers, each in one place and in the reader's language.

Every function takes the block's i18n service first; the whole sentence is one message, because languages
order their words differently.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from .evidence_task import KINDS, MEGABYTE, HandIn

__all__ = [
    "accepted",
    "answer_problem",
    "attempts_left",
    "away",
    "deadline",
    "hint_button",
    "limits",
    "minutes",
    "minutes_left",
    "part_state",
    "progress",
    "refreshed",
    "size",
    "step_of",
    "still_missing",
    "welcome_back",
]


def progress(i18n: Any, done: int, total: int) -> str:
    """ "2 of 3 done"."""
    if total == 0:
        return str(i18n.gettext("There is nothing to do here yet."))
    message = i18n.ngettext("{done} of {total} done", "{done} of {total} done", total)
    return str(message.format(done=done, total=total))


def refreshed(i18n: Any, done: int, total: int) -> str:
    """ "1 of 3 refreshed"."""
    message = i18n.ngettext("{done} of {total} refreshed", "{done} of {total} refreshed", total)
    return str(message.format(done=done, total=total))


def minutes(i18n: Any, count: int) -> str:
    """ "5 minutes"."""
    return str(i18n.ngettext("{count} minute", "{count} minutes", count).format(count=count))


def step_of(i18n: Any, number: int, total: int) -> str:
    """ "Step 2 of 7"."""
    message = str(i18n.gettext("Step {number} of {total}"))
    return message.replace("{number}", str(number)).replace("{total}", str(total))


def minutes_left(i18n: Any, count: int) -> str:
    """ "About 5 minutes left"; nothing when none are."""
    if count <= 0:
        return ""
    message = i18n.ngettext("about {count} minute left", "about {count} minutes left", count)
    return str(message.format(count=count))


def away(i18n: Any, days: int) -> str:
    """ "Welcome back after 9 days."."""
    message = i18n.ngettext("Welcome back after {days} day.", "Welcome back after {days} days.", days)
    return str(message.format(days=days))


def still_missing(i18n: Any, count: int) -> str:
    """ "1 thing still missing"."""
    message = i18n.ngettext("{count} thing still missing", "{count} things still missing", count)
    return str(message.format(count=count))


def deadline(i18n: Any, state: str, due: str, closes: str) -> str:
    """When the unit is due, and what being late means; *state* is ``Deadline.state``."""
    _ = i18n.gettext
    messages = {
        "open": _("Due {due}. After that you can still earn the badge, but the course gives no points."),
        "grace": _("This was due {due}. It still counts with points until {closes}."),
        "closed": _(
            "This was due {due}. You can still finish it and earn the badge; "
            "the course gives no points for it any more."
        ),
    }
    return str(messages[state].format(due=due, closes=closes))


def welcome_back(i18n: Any, done: int, total: int, left: int) -> str:
    """The line for somebody who returns to an unfinished unit."""
    message = i18n.ngettext(
        "Welcome back. {done} of {total} done, about {left} minute left. You are where you stopped.",
        "Welcome back. {done} of {total} done, about {left} minutes left. You are where you stopped.",
        left,
    )
    return str(message.format(done=done, total=total, left=left))


def part_state(i18n: Any, state: str) -> str:
    """How a part stands, in words."""
    _ = i18n.gettext
    words = {
        "todo": _("To do"),
        "done": _("Done"),
        "in_review": _("In review"),
        "returned": _("Sent back"),
    }
    return str(words.get(state, words["todo"]))


def attempts_left(i18n: Any, left: int | None) -> str:
    """How many attempts are left; empty when they are not counted."""
    if left is None:
        return ""
    if left == 0:
        return str(i18n.gettext("No attempts left."))
    return str(i18n.ngettext("{left} attempt left.", "{left} attempts left.", left).format(left=left))


def hint_button(i18n: Any, used: int, total: int, cost: int) -> str:
    """The label of the button that shows the next hint, with its price."""
    if total == 1:
        label = i18n.gettext("Show a hint")
    else:
        label = i18n.gettext("Show hint {number} of {total}").format(number=used + 1, total=total)
    return str(i18n.gettext("{label} (costs {cost} %)").format(label=label, cost=cost) if cost else label)


def answer_problem(i18n: Any, code: str, check_type: str) -> str:
    """Why an answer was not marked, and what to do."""
    _ = i18n.gettext
    if code == "empty":
        if check_type == "single":
            return str(_("Choose an answer first."))
        if check_type == "multiple":
            return str(_("Choose at least one answer first."))
        if check_type == "match":
            return str(_("Choose something for every line first."))
        if check_type == "gaps":
            return str(_("Fill every gap first."))
        return str(_("Write an answer first."))
    sentences = {
        "not_a_number": _(
            "Write your answer as a number, for example 2.5 or 2,5. This did not use an attempt."
        ),
        "unknown_option": _(
            "This question has changed since you opened it. Reload the page and answer again."
        ),
        "unit_missing": _("Write the unit too, after the number. This did not use an attempt."),
        "not_attested": _("Tick everything you can confirm. If you cannot yet, come back later."),
        "incomplete": _("Answer every line first. This did not use an attempt.")
        if check_type == "match"
        else _("Fill every gap first. This did not use an attempt."),
        "not_ready": _("This question is not ready yet. Tell your course team."),
    }
    return str(sentences.get(code) or _("This answer could not be read. Reload the page and try again."))


def size(i18n: Any, count: int) -> str:
    """A number of bytes as people say it."""
    if count >= MEGABYTE:
        return str(i18n.gettext("{size} MB").format(size=f"{count / MEGABYTE:.1f}".removesuffix(".0")))
    return str(i18n.gettext("{size} kB").format(size=max(1, round(count / 1000))))


def limits(i18n: Any, standing: Any, day: Callable[[datetime], str]) -> list[str]:
    """What holds for this learner: the due date, tries left, what is over. *day* says a moment as people do."""
    _ = i18n.gettext
    said = []
    if standing.refused == "attempts":
        said.append(_("You have used all your attempts. Talk to your course team if you need another one."))
    elif standing.refused == "late":
        said.append(_("The time for this task is over. Talk to your course team if you need more."))
    elif standing.late:
        said.append(_("The due date has passed. You can still hand in; it is marked as late."))
    elif standing.due_at:
        said.append(_("Hand in by {moment}.").format(moment=day(standing.due_at)))
    if standing.attempts_left and not standing.refused:
        message = i18n.ngettext("{left} attempt left.", "{left} attempts left.", standing.attempts_left)
        said.append(message.format(left=standing.attempts_left))
    if standing.accommodated:
        said.append(_("You were given more time or more attempts; it is counted in."))
    return [str(sentence) for sentence in said]


def accepted(i18n: Any, task: HandIn) -> str:
    """ "Images or PDF, at most 3 files of 4 MB each."."""
    _ = i18n.gettext
    names = {
        "image": _("images"),
        "pdf": _("PDF"),
        "text": _("plain text"),
        "audio": _("sound"),
        "video": _("video"),
        "document": _("office documents"),
        "archive": _("zip archives"),
    }
    listed = ", ".join(names[kind] for kind in KINDS if kind in task.accept)
    message = i18n.ngettext(
        "Accepted: {kinds}. {count} file of at most {size}.",
        "Accepted: {kinds}. Up to {count} files of at most {size} each.",
        task.max_files,
    )
    return str(message.format(kinds=listed, count=task.max_files, size=size(i18n, task.max_bytes)))
