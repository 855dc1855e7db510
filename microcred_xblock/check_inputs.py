"""What a learner can fill in, as the template needs it: in this learner's order, with what they gave before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .question_parts import GAP_MARK, Gap, Option, token_of
from .questions import Question
from .shuffling import shuffle, unsorted

__all__ = ["arranged", "arranged_matches", "inputs"]


def arranged(question: Question, seed: str) -> list[Option]:
    """The options in the order this learner meets them first."""
    if question.check_type == "order":
        return unsorted(question.options, seed, lambda option: option.token)
    if question.check_type == "attest":
        return list(question.statements)
    if question.shuffle:
        return shuffle(question.options, seed, lambda option: option.id, lambda option: option.fixed)
    return list(question.options)


def arranged_matches(question: Question, seed: str) -> list[str]:
    """What can be chosen for the lines of a matching question; always shuffled, or its order would be the key."""
    return shuffle(question.matches, seed, lambda text: text)


def inputs(question: Question, seed: str, given: Any) -> dict[str, Any]:
    """The parts of the form: one key for each kind of input the type has."""
    if question.check_type == "match":
        return {"lines": _lines(question, seed, given if isinstance(given, Mapping) else {})}
    if question.check_type == "gaps":
        return {"pieces": _pieces(question, seed, given if isinstance(given, Mapping) else {})}
    if question.check_type in ("number", "text"):
        return {"typed": given if isinstance(given, str) else ""}
    if question.check_type == "order":
        return {"items": _items(question, seed, given if isinstance(given, list) else [])}
    chosen = given if isinstance(given, list) else [given]
    return {
        "options": [
            {"option": option, "chosen": option.id in chosen, "number": number}
            for number, option in enumerate(arranged(question, seed), start=1)
        ]
    }


def _items(question: Question, seed: str, given: list[Any]) -> list[dict[str, Any]]:
    """The things in the learner's order; what an author added since stands at the end."""
    first = {option.token: option for option in arranged(question, seed)}
    tokens = [token for token in dict.fromkeys(map(str, given)) if token in first]
    tokens += [token for token in first if token not in tokens]
    return [
        {
            "option": first[token],
            "token": token,
            "number": number,
            "first": number == 1,
            "last": number == len(tokens),
        }
        for number, token in enumerate(tokens, start=1)
    ]


def _lines(question: Question, seed: str, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    choices = [(token_of(text), text) for text in arranged_matches(question, seed)]
    return [
        {
            "id": pair.id,
            "text": pair.text,
            "number": number,
            "choices": _chosen(choices, given.get(pair.id)),
        }
        for number, pair in enumerate(question.pairs, start=1)
    ]


def _pieces(question: Question, seed: str, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The text cut at its gaps. A mark that names no usable gap stays out; each gap stands where it is first named."""
    gaps = {gap.id: gap for gap in question.gaps}
    pieces: list[dict[str, Any]] = []
    number = 0
    for place, text in enumerate(GAP_MARK.split(question.gap_text)):
        if place % 2 == 0:
            pieces.append({"text": text})
        elif text in gaps:
            number += 1
            pieces.append(_gap(gaps.pop(text), number, len(question.gaps), seed, given))
    return pieces


def _gap(gap: Gap, number: int, total: int, seed: str, given: Mapping[str, Any]) -> dict[str, Any]:
    value = given.get(gap.id, "")
    choices = shuffle(gap.choices, f"{seed}:{gap.id}", lambda text: text)
    return {
        "gap": gap.id,
        "number": number,
        "total": total,
        "value": value if isinstance(value, str) else "",
        "choices": _chosen([(token_of(text), text) for text in choices], value),
    }


def _chosen(choices: list[tuple[str, str]], token: Any) -> list[dict[str, Any]]:
    return [{"token": name, "text": text, "chosen": name == token} for name, text in choices]
