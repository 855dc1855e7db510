"""Advice for writing an outcome that can be measured.

"Understand X" cannot be seen; "explain X" can. The advice is given while an author types and never blocks:
the author knows the subject, this only knows verbs.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

__all__ = ["advise"]

#: Verbs that name a state of mind, with verbs that name what somebody with that state of mind can do.
VAGUE_VERBS = {
    "understand": "explain, compare, predict",
    "know": "list, name, describe",
    "learn": "perform, apply, build",
    "appreciate": "justify, weigh, choose",
    "be": "demonstrate, apply, use",
    "become": "demonstrate, apply, use",
    "believe": "argue, justify",
    "explore": "compare, test, map",
    "study": "summarise, analyse",
    "familiarise": "identify, use",
    "familiarize": "identify, use",
    "see": "identify, locate",
    "think": "argue, evaluate",
    "grasp": "explain, apply",
    "comprehend": "explain, summarise",
    "discuss": "argue, compare",
}


def advise(statement: str) -> str:
    """A translated hint for *statement*, or an empty text when there is nothing to say."""
    words = statement.split()
    if not words:
        return _("Say what a learner can do afterwards, beginning with a verb: “Mend a puncture”.")
    first = words[0].strip(".,;:").casefold()
    if first in VAGUE_VERBS:
        return _("“{verb}” cannot be observed. Try: {better}.").format(
            verb=words[0], better=VAGUE_VERBS[first]
        )
    if first in {"the", "a", "an", "introduction", "how", "what", "when", "where", "which", "who", "why"}:
        return _(
            "This names a topic. Begin with what the learner does: “Inspect …”, “Calculate …”, “Explain …”."
        )
    if len(words) < 3:
        return _("Add what it is done to, and how well: “Inspect a bicycle and name what is unsafe”.")
    return ""
