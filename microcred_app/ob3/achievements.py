"""What can be earned: the parts of a credential that all its holders share. Who issues it is told by `profiles`.

Each class is a plain frozen record; `achievement_to_json` writes it in the shape that both the strict and
the tolerant published schema accept (sets as arrays, empty members left out, images as objects) and refuses
what those schemas let through although receivers do not.

Open Badges 3.0 appendix B: Achievement, Alignment, Criteria, Related, ResultDescription, RubricCriterionLevel.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from microcred_app.ob3.errors import DocumentError
from microcred_app.ob3.fields import (
    optional_address,
    optional_line,
    optional_text,
    require_address,
    require_language,
    require_line,
    require_term,
    require_text,
)
from microcred_app.ob3.profiles import (
    Image,
    OtherIdentifier,
    Profile,
    endorsements_to_json,
    identifiers_to_json,
    image_to_json,
    profile_to_json,
    tokens_to_json,
    without_empty,
)
from microcred_app.ob3.vocabulary import ACHIEVEMENT_TYPES, RESULT_TYPES, TARGET_TYPES

__all__ = [
    "Achievement",
    "Alignment",
    "Criteria",
    "Image",
    "OtherIdentifier",
    "Profile",
    "Related",
    "ResultDescription",
    "RubricLevel",
    "achievement_to_json",
    "alignments_to_json",
    "credits_to_json",
    "endorsements_to_json",
    "image_to_json",
    "profile_to_json",
    "without_empty",
]


@dataclass(frozen=True)
class Related:
    """An achievement to be taken for the same: another language edition, or an earlier version."""

    id: str
    in_language: str = ""
    version: str = ""


@dataclass(frozen=True)
class Alignment:
    """A link to an entry of a skill framework; `target_url` names the entry, the rest describes it."""

    target_name: str
    target_url: str
    target_type: str = ""
    target_code: str = ""
    target_description: str = ""
    target_framework: str = ""


@dataclass(frozen=True)
class RubricLevel:
    """One level of a rubric criterion."""

    id: str
    name: str
    description: str = ""
    level: str = ""
    points: str = ""
    alignments: tuple["Alignment", ...] = ()


@dataclass(frozen=True)
class ResultDescription:
    """A kind of result that holders of the achievement have, for example a criterion of a rubric."""

    id: str
    name: str
    result_type: str
    levels: tuple[RubricLevel, ...] = ()
    required_level: str = ""
    required_value: str = ""
    allowed_values: tuple[str, ...] = ()
    value_min: str = ""
    value_max: str = ""
    alignments: tuple[Alignment, ...] = ()


@dataclass(frozen=True)
class Criteria:
    """What must be done to earn the achievement: a narrative, the address of one, or both."""

    narrative: str = ""
    id: str = ""


@dataclass(frozen=True)
class Achievement:
    """A definition that can be earned."""

    id: str
    name: str
    description: str
    criteria: Criteria
    achievement_type: str = ""
    image: Image | None = None
    alignments: tuple[Alignment, ...] = ()
    tags: tuple[str, ...] = ()
    in_language: str = ""
    version: str = ""
    human_code: str = ""
    field_of_study: str = ""
    specialization: str = ""
    creator: Profile | None = None
    result_descriptions: tuple[ResultDescription, ...] = ()
    credits_available: float | None = None
    related: tuple[Related, ...] = ()
    other_identifiers: tuple[OtherIdentifier, ...] = ()
    endorsements: tuple[Mapping[str, Any], ...] = ()
    endorsement_tokens: tuple[str, ...] = ()


def _related(field: str, entry: Related) -> dict[str, Any]:
    return without_empty(
        id=require_address(f"{field}.id", entry.id),
        type=["Related"],
        inLanguage=entry.in_language and require_language(f"{field}.inLanguage", entry.in_language),
        version=optional_line(f"{field}.version", entry.version),
    )


def achievement_to_json(field: str, achievement: Achievement) -> dict[str, Any]:
    """Return the JSON of *achievement*; `DocumentError` names the first member that receivers would refuse."""
    kind, language = achievement.achievement_type, achievement.in_language
    creator = achievement.creator
    return without_empty(
        id=require_address(f"{field}.id", achievement.id),
        type=["Achievement"],
        name=require_line(f"{field}.name", achievement.name),
        description=require_text(f"{field}.description", achievement.description),
        criteria=_criteria(f"{field}.criteria", achievement.criteria),
        achievementType=kind and require_term(f"{field}.achievementType", kind, ACHIEVEMENT_TYPES),
        image=image_to_json(f"{field}.image", achievement.image),
        creator=profile_to_json(f"{field}.creator", creator) if creator else None,
        alignment=alignments_to_json(f"{field}.alignment", achievement.alignments),
        tag=[require_line(f"{field}.tag", tag) for tag in dict.fromkeys(achievement.tags)],
        inLanguage=language and require_language(f"{field}.inLanguage", language),
        version=optional_line(f"{field}.version", achievement.version),
        humanCode=optional_line(f"{field}.humanCode", achievement.human_code),
        fieldOfStudy=optional_line(f"{field}.fieldOfStudy", achievement.field_of_study),
        specialization=optional_line(f"{field}.specialization", achievement.specialization),
        creditsAvailable=credits_to_json(f"{field}.creditsAvailable", achievement.credits_available),
        resultDescription=_result_descriptions(f"{field}.resultDescription", achievement),
        related=[_related(f"{field}.related[{i}]", entry) for i, entry in enumerate(achievement.related)],
        otherIdentifier=identifiers_to_json(f"{field}.otherIdentifier", achievement.other_identifiers),
        endorsement=endorsements_to_json(f"{field}.endorsement", achievement.endorsements),
        endorsementJwt=tokens_to_json(f"{field}.endorsementJwt", achievement.endorsement_tokens),
    )


def _criteria(field: str, criteria: Criteria) -> dict[str, Any]:
    written = without_empty(
        id=optional_address(f"{field}.id", criteria.id, schemes=("https", "http")),
        narrative=optional_text(f"{field}.narrative", criteria.narrative),
    )
    if not written:
        raise DocumentError(field, "say in a narrative or under an address what must be done.")
    return written


def alignments_to_json(field: str, alignments: tuple[Alignment, ...]) -> list[dict[str, Any]]:
    """Return the JSON of *alignments*."""
    return [_alignment(f"{field}[{index}]", alignment) for index, alignment in enumerate(alignments)]


def _alignment(field: str, alignment: Alignment) -> dict[str, Any]:
    kind = alignment.target_type
    return without_empty(
        type=["Alignment"],
        targetName=require_line(f"{field}.targetName", alignment.target_name),
        targetUrl=require_address(f"{field}.targetUrl", alignment.target_url),
        targetType=kind and require_term(f"{field}.targetType", kind, TARGET_TYPES),
        targetCode=optional_line(f"{field}.targetCode", alignment.target_code),
        targetDescription=optional_text(f"{field}.targetDescription", alignment.target_description),
        targetFramework=optional_line(f"{field}.targetFramework", alignment.target_framework),
    )


def _result_descriptions(field: str, achievement: Achievement) -> list[dict[str, Any]]:
    written = [
        _result_description(f"{field}[{index}]", description)
        for index, description in enumerate(achievement.result_descriptions)
    ]
    ids = [entry["id"] for entry in written]
    if len(set(ids)) != len(ids):
        raise DocumentError(field, "two result descriptions have the same id.")
    return written


def _result_description(field: str, description: ResultDescription) -> dict[str, Any]:
    levels = [
        _level(f"{field}.rubricCriterionLevel[{i}]", level) for i, level in enumerate(description.levels)
    ]
    required = optional_address(f"{field}.requiredLevel", description.required_level)
    if required and required not in {level["id"] for level in levels}:
        raise DocumentError(f"{field}.requiredLevel", "is not one of the levels.")
    return without_empty(
        id=require_address(f"{field}.id", description.id),
        type=["ResultDescription"],
        name=require_line(f"{field}.name", description.name),
        resultType=require_term(f"{field}.resultType", description.result_type, RESULT_TYPES),
        alignment=alignments_to_json(f"{field}.alignment", description.alignments),
        allowedValue=[require_line(f"{field}.allowedValue", value) for value in description.allowed_values],
        requiredLevel=required,
        requiredValue=optional_line(f"{field}.requiredValue", description.required_value),
        rubricCriterionLevel=levels,
        valueMin=optional_line(f"{field}.valueMin", description.value_min),
        valueMax=optional_line(f"{field}.valueMax", description.value_max),
    )


def _level(field: str, level: RubricLevel) -> dict[str, Any]:
    return without_empty(
        id=require_address(f"{field}.id", level.id),
        type=["RubricCriterionLevel"],
        name=require_line(f"{field}.name", level.name),
        description=optional_text(f"{field}.description", level.description),
        level=optional_line(f"{field}.level", level.level),
        points=optional_line(f"{field}.points", level.points),
        alignment=alignments_to_json(f"{field}.alignment", level.alignments),
    )


def credits_to_json(field: str, credits_available: float | None) -> float | int | None:
    """Return a number of credits as every language writes it, or None."""
    if credits_available is None:
        return None
    is_number = isinstance(credits_available, int | float) and not isinstance(credits_available, bool)
    if not is_number or not 0 <= credits_available <= 100_000:
        raise DocumentError(field, "must be a number from 0 to 100000.")
    # 3.0 and 3 are one number but two texts; JavaScript knows only the second.
    return (
        int(credits_available) if credits_available == int(credits_available) else round(credits_available, 4)
    )
