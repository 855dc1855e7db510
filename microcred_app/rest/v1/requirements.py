"""Requirements before they act: are they well formed, what do they say, whom would they concern."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from microcred_app import rules
from microcred_app.applets.backfill.by_person import preview_for
from microcred_app.applets.badges import api as badges

from .requests import PreviewBody, RequirementBody
from .resource import Resource
from .schema import describe

__all__ = ["RequirementPreview", "RequirementSentence", "RequirementValidation"]

#: More ids than this are counted and not named.
MAX_NAMED = 1_000
#: When to ask again for a preview that is being computed.
RETRY_SECONDS = 3


class _FindingShape(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=[kind.value for kind in rules.FindingKind])
    path = serializers.CharField(allow_blank=True)
    problem = serializers.CharField()


class ValidationShape(serializers.Serializer[Any]):
    """A well-formed requirement as it is stored, and what is odd about it."""

    requirement = serializers.DictField()
    findings = _FindingShape(many=True)


class SentenceShape(serializers.Serializer[Any]):
    """The requirement in words."""

    sentence = serializers.CharField()


class PreviewShape(serializers.Serializer[Any]):
    """Whom the requirement would concern, by account; at most a thousand of each are named."""

    gains = serializers.ListField(child=serializers.IntegerField())
    keeps = serializers.ListField(child=serializers.IntegerField())
    no_longer = serializers.ListField(child=serializers.IntegerField())
    taken_back = serializers.ListField(child=serializers.IntegerField())
    counts = serializers.DictField(child=serializers.IntegerField())
    stacks = serializers.DictField(child=serializers.IntegerField())


class PreviewUnderWayShape(serializers.Serializer[Any]):
    """How far it is. Send the same request again for the answer; ``Retry-After`` says when."""

    state = serializers.CharField()
    total = serializers.IntegerField(allow_null=True, help_text="Learners whom the requirement concerns.")
    done = serializers.IntegerField(help_text="Learners that were looked at.")


class RequirementValidation(Resource):
    """Is it well formed?"""

    @describe("validate_requirement", request=RequirementBody, responses=ValidationShape)
    def post(self, _request: Request) -> Response:
        """The tree as it would be stored; 400 with path, problem and what is allowed where it cannot be read."""
        node = _node(self.read_body(RequirementBody))
        found = rules.lint(node, timezone.now(), badges.current_definitions().relations)
        findings = [{"kind": one.kind.value, "path": one.path, "problem": one.problem} for one in found]
        return self.shown(ValidationShape, {"requirement": rules.to_json(node), "findings": findings})


class RequirementSentence(Resource):
    """What does it say?"""

    @describe("say_requirement", request=RequirementBody, responses=SentenceShape)
    def post(self, _request: Request) -> Response:
        """The sentence that learners would read, in the caller's language."""
        node = _node(self.read_body(RequirementBody))
        return self.shown(SentenceShape, {"sentence": badges.criteria_text(node, badges.names_for([node]))})


class RequirementPreview(Resource):
    """Whom would it concern?"""

    @describe(
        "preview_requirement",
        request=PreviewBody,
        responses={200: PreviewShape, 202: PreviewUnderWayShape},
    )
    def post(self, _request: Request) -> Response:
        """Who would gain the badge, keep it, or not be given it any more; nobody is awarded anything.

        202 while a requirement that concerns many is computed: send the same request again.
        """
        body = self.read_body(PreviewBody)
        info = preview_for(self.person, body["badge"], body["issuer"], _node(body), now=timezone.now())
        found = info.preview
        if found is None:
            response = self.shown(PreviewUnderWayShape, info, status=202)
            response["Retry-After"] = str(RETRY_SECONDS)
            return response
        named = {
            "gains": found.gains,
            "keeps": found.keeps,
            "no_longer": found.no_longer,
            "taken_back": found.taken_back,
        }
        counts = {name: len(ids) for name, ids in named.items()}
        counts |= {"credentials": found.credentials, "pushes": found.pushes, "looked_at": found.looked_at}
        answer = {name: ids[:MAX_NAMED] for name, ids in named.items()}
        return self.shown(PreviewShape, {**answer, "counts": counts, "stacks": dict(found.stacks)})


def _node(body: dict[str, Any]) -> rules.Node:
    if "text" in body:
        return rules.read_yaml(body["text"])
    return rules.parse_requirement(body["requirement"])
