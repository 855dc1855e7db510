"""What the unit's form says about each of its parts: one line, its minutes, and what is wrong with it.

Parts are other people's blocks as often as ours. They are asked for attributes they may lack, and a value of a
kind nobody expected makes a shorter summary, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from . import effort
from .page_text import TextFacts, read_text
from .parts import CHECK, EVIDENCE
from .questions import plain_text

__all__ = ["PartSummary", "summarise", "video_key"]

Gettext = Callable[[str], str]
#: A step longer than this is two steps; a sentence longer than this is read twice.
MOST_WORDS = 400
MOST_SENTENCE = 40
#: A whole paragraph or option in square brackets is what a template says must be replaced.
#: What says which film a video block shows.
_SOURCES = ("edx_video_id", "youtube_id_1_0", "html5_sources")
_PLACEHOLDER = re.compile(r"(?:^|>)\s*\[[^\[\]<>]{3,400}\]\s*(?:$|<)")


@dataclass(frozen=True)
class PartSummary:
    """One child of a unit as its author should see it.

    ``kind`` is ``check``, ``evidence``, ``text``, ``video`` or ``other``. ``problems`` keep learners from
    finishing, ``advice`` shuts somebody out or makes it harder than it need be. ``rule`` says when handed-in work
    counts. ``needs_transcript`` marks a video that says nothing to people who cannot hear it; ``waiver_key`` names
    that video among the unit's waivers.
    """

    usage_key: str
    kind: str
    label: str
    title: str
    line: str
    minutes: float
    problems: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    rule: str = ""
    needs_transcript: bool = False
    waiver_key: str = ""
    waived: str = ""


def summarise(child: Any, waivers: object, _: Gettext) -> PartSummary:
    """The summary of one child; *waivers* are the unit's, however they were written.

    Words come from the unit's *_*: a foreign child need not have an i18n service.
    """
    usage = child.scope_ids.usage_id
    block_type = str(child.scope_ids.block_type)
    title = plain_text(getattr(child, "display_name", ""))
    key = str(usage)
    if block_type == CHECK:
        return _check(child, title, key, _)
    if block_type == EVIDENCE:
        return _evidence(child, title, key, _)
    if block_type == "video":
        return _video(child, title, key, _, waivers)
    if isinstance(getattr(child, "data", None), str):
        return _text(child, title, key, _)
    label = title or block_type
    return PartSummary(
        usage_key=key,
        kind="other",
        label=_("Other block"),
        title=label,
        line=_("Counts when the platform says that it is complete."),
        minutes=effort.OTHER_MINUTES,
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _check(child: Any, title: str, key: str, _: Gettext) -> PartSummary:
    question = child.question
    attempts = int(getattr(question, "attempts_allowed", 0) or 0)
    prompt = plain_text(getattr(question, "prompt", ""))
    tries = (
        _("as many attempts as learners need")
        if not attempts
        else _("one attempt")
        if attempts == 1
        else _("{count} attempts").format(count=attempts)
    )
    advice = []
    if attempts == 1:
        advice.append(
            _("One attempt makes this a test, and a slip ends it. Allow another, or say why in the question.")
        )
    told = [getattr(question, name, "") for name in ("feedback_incorrect", "hint")]
    options = getattr(question, "options", ())
    if not any(told) and not any(getattr(option, "feedback", "") for option in options):
        advice.append(_("Nobody learns from “wrong”: say why, in the feedback or in a hint."))
    line = f"{_shortened(prompt)} · {tries}" if prompt else tries
    left = _left_over(_, prompt, *(getattr(option, "text", "") for option in options), *told)
    return PartSummary(
        usage_key=key,
        kind="check",
        label=_("Quick check"),
        title=title or _("Quick check"),
        line=line,
        minutes=effort.CHECK_MINUTES + effort.reading_minutes(read_text(prompt)),
        problems=(*child.own_problems(), *left),
        advice=tuple(advice),
    )


def _evidence(child: Any, title: str, key: str, _: Gettext) -> PartSummary:
    task = child.task
    names = {"image": _("pictures"), "pdf": _("PDF"), "text": _("text files")}
    ways = [str(names.get(kind, kind)) for kind in getattr(task, "accept", ())]
    ways += [_("a text")] if getattr(task, "allow_text", False) else []
    ways += [_("a link")] if getattr(task, "allow_link", False) else []
    rubric = getattr(task, "rubric", None)
    criteria = len(getattr(rubric, "criteria", ()))
    if getattr(task, "review_mode", "") == "auto":
        judged = _("handing in is enough")
    elif rubric is not None and criteria:
        judged = _("a reviewer accepts it: {points} of {most} points in {count} criteria").format(
            points=_number(rubric.pass_points), most=_number(rubric.most), count=criteria
        )
    else:
        judged = _("a reviewer accepts it")
    advice = []
    if len(ways) == 1:
        advice.append(
            _("There is one way to hand in: {way}. Offer another for people who cannot use it.").format(
                way=ways[0]
            )
        )
    levels = [level.description for item in getattr(rubric, "criteria", ()) for level in item.levels]
    instructions = read_text(getattr(task, "instructions", ""))
    advice += _long_sentence(instructions, _)
    return PartSummary(
        usage_key=key,
        kind="evidence",
        label=_("Evidence"),
        title=title or _("Evidence"),
        line=f"{', '.join(ways)} · {judged}" if ways else judged,
        minutes=effort.EVIDENCE_MINUTES + effort.reading_minutes(instructions),
        problems=(*child.own_problems(), *_left_over(_, getattr(task, "instructions", ""), *levels)),
        advice=tuple(advice),
        rule=judged,
    )


def _text(child: Any, title: str, key: str, _: Gettext) -> PartSummary:
    facts = read_text(child.data)
    amount = facts.words + facts.unspaced // 2
    problems = [_("There is no text yet.")] if not amount and not facts.images else []
    problems += _left_over(_, child.data)
    if facts.images_without_alt:
        problems.append(
            _("A picture says nothing to people who cannot see it: describe it (alt text).")
            if facts.images_without_alt == 1
            else _(
                "{count} pictures say nothing to people who cannot see them: describe them (alt text)."
            ).format(count=facts.images_without_alt)
        )
    return PartSummary(
        usage_key=key,
        kind="text",
        label=_("Text"),
        title=title or _("Text"),
        line=_("{count} words").format(count=amount),
        minutes=effort.reading_minutes(facts),
        problems=tuple(problems),
        advice=tuple(_text_advice(facts, amount, _)),
    )


def _text_advice(facts: TextFacts, amount: int, _: Gettext) -> list[str]:
    advice = []
    if amount > MOST_WORDS:
        advice.append(
            _("{count} words are much for one step. One idea per step: divide it.").format(count=amount)
        )
    advice += _long_sentence(facts, _)
    if facts.vague_links:
        advice.append(_("A link that says “here” says nothing when it is read aloud. Name what it leads to."))
    if facts.skipped_headings:
        advice.append(_("A heading level is left out. Screen readers walk the headings in order."))
    if facts.tables_without_headers:
        advice.append(_("A table has no header cells: nobody who hears it knows what a number means."))
    if facts.frames_without_title:
        advice.append(_("An embedded page has no title."))
    return advice


def _left_over(_: Gettext, *texts: object) -> list[str]:
    """That a template's words still stand there; whoever publishes them shows learners a form letter."""
    if not any(isinstance(text, str) and _PLACEHOLDER.search(text[:20_000]) for text in texts):
        return []
    return [_("It still has words of the template in [square brackets]. Write your own.")]


def _long_sentence(facts: TextFacts, _: Gettext) -> list[str]:
    if facts.longest_sentence <= MOST_SENTENCE:
        return []
    return [
        _("A sentence has {count} words. Two sentences are read once.").format(count=facts.longest_sentence)
    ]


def _video(child: Any, title: str, key: str, _: Gettext, waivers: object) -> PartSummary:
    waiver_key = video_key(child)
    spoken = bool(_mapping(getattr(child, "transcripts", None)) or plain_text(getattr(child, "sub", "")))
    # Transcripts of an uploaded video are kept with the video, where a block cannot see them.
    unknown = bool(plain_text(getattr(child, "edx_video_id", "")))
    line = (
        _("with transcript")
        if spoken
        else _("transcript kept with the video")
        if unknown
        else _("no transcript")
    )
    return PartSummary(
        usage_key=key,
        kind="video",
        label=_("Video"),
        title=title or _("Video"),
        line=line,
        minutes=_video_minutes(child),
        needs_transcript=not spoken and not unknown,
        waiver_key=waiver_key,
        waived=plain_text(_mapping(waivers).get(waiver_key)),
    )


def video_key(child: Any) -> str:
    """Names the film and not the block: a waiver goes along when the unit is copied, and lapses with another film."""
    told = [getattr(child, name, None) for name in _SOURCES]
    if not any(told):
        usage = child.scope_ids.usage_id
        return str(getattr(usage, "block_id", usage))
    return sha256(repr(told).encode()).hexdigest()[:16]


def _video_minutes(child: Any) -> float:
    """From its start and end times where an author set both; videos do not say how long they are."""
    try:
        seconds = (child.end_time - child.start_time).total_seconds()
    except (AttributeError, TypeError):
        return effort.VIDEO_MINUTES
    return seconds / 60 if 0 < seconds < 4 * 3600 else effort.VIDEO_MINUTES


def _shortened(text: str) -> str:
    return text if len(text) <= 90 else f"{text[:87].rstrip()}…"


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)
