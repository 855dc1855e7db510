"""Small blocks that use one part of the runtime each, so that a test can look at that part alone."""

from __future__ import annotations

from typing import Any

from web_fragments.fragment import Fragment
from webob import Response
from xblock.completable import XBlockCompletionMode
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError, ProcessingError
from xblock.fields import Dict, Integer, List, Scope, String
from xblock.utils.studio_editable import NestedXBlockSpec, StudioContainerWithNestedXBlocksMixin


@XBlock.needs("i18n")
@XBlock.wants("user", "completion", "publish")
class ToyBlock(XBlock):
    """A leaf that counts, grades and fails on demand."""

    has_score = True
    completion_mode = XBlockCompletionMode.COMPLETABLE
    STUDIO_LABEL = "Toy"
    CATEGORY = "toy"

    display_name = String(default="Toy", scope=Scope.settings)
    options = List(default=[], scope=Scope.content)
    limits = Dict(default={}, scope=Scope.settings)
    weight = Integer(default=None, scope=Scope.settings)
    count = Integer(default=0, scope=Scope.user_state)
    other = Integer(default=0, scope=Scope.user_state)

    def student_view(self, context: dict[str, Any] | None = None) -> Fragment:
        if self.display_name == "broken":
            raise RuntimeError("a secret of the server")
        fragment = Fragment(f"<p class='toy'>{self.display_name}: {self.count}</p>")
        fragment.add_javascript("window.Toy = function () {};")
        fragment.initialize_js("Toy", {"text": "</script><b>&\u2028", "name": self.display_name})
        return fragment

    @XBlock.json_handler
    def add(self, data: dict[str, Any], suffix: str = "") -> dict[str, Any]:
        self.count += data.get("by", 1)
        return {"count": self.count, "suffix": suffix}

    @XBlock.json_handler
    def grade(self, data: dict[str, Any], suffix: str = "") -> dict[str, Any]:
        self.runtime.publish(self, "grade", {"value": data["value"], "max_value": data["max_value"]})
        return {}

    @XBlock.json_handler
    def refuse(self, data: dict[str, Any], suffix: str = "") -> dict[str, Any]:
        raise JsonHandlerError(409, "not now")

    @XBlock.json_handler
    def rename(self, data: dict[str, Any], suffix: str = "") -> dict[str, Any]:
        self.display_name = data["name"]
        return {}

    @XBlock.handler
    def who(self, request: Any, suffix: str = "") -> Response:
        user = self.runtime.service(self, "user").get_current_user()
        return Response(
            json_body={**user.opt_attrs, "known": bool(user.opt_attrs.get("edx-platform.user_id"))}
        )

    @XBlock.handler
    def upload(self, request: Any, suffix: str = "") -> Response:
        return Response(json_body={"name": request.params["file"].filename})

    @XBlock.handler
    def process(self, request: Any, suffix: str = "") -> Response:
        raise ProcessingError("cannot be processed")

    @XBlock.handler
    def crash(self, request: Any, suffix: str = "") -> Response:
        raise RuntimeError("a secret of the server")


@XBlock.needs("i18n")
@XBlock.wants("user", "completion")
class ToyBox(StudioContainerWithNestedXBlocksMixin, XBlock):
    """A container of toys and text."""

    completion_mode = XBlockCompletionMode.AGGREGATOR
    STUDIO_LABEL = "Toy box"
    display_name = String(default="Toy box", scope=Scope.settings)

    @property
    def allowed_nested_blocks(self) -> list[Any]:
        return [
            NestedXBlockSpec(ToyBlock, single_instance=True),
            NestedXBlockSpec(None, category="html", label="Words"),
            NestedXBlockSpec(None, category="nowhere", label="Not installed"),
        ]

    def student_view(self, context: dict[str, Any] | None = None) -> Fragment:
        fragment = Fragment("<div class='toy-box'>")
        completion = self.runtime.service(self, "completion")
        children = self.get_children()
        on_view = completion.blocks_to_mark_complete_on_view(children) if completion else []
        for child in children:
            child_context = {k: v for k, v in (context or {}).items() if k != "wrap_xblock_data"}
            if child in on_view:
                child_context["wrap_xblock_data"] = {"mark-completed-on-view-after-delay": 1}
            rendered = child.render("student_view", child_context)
            fragment.add_fragment_resources(rendered)
            fragment.add_content(rendered.content)
        fragment.add_content("</div>")
        fragment.initialize_js("ToyBox", {"kind": "box"})
        return fragment
