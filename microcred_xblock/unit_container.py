"""Studio's page of a unit's children: where Studio helps, a strip to add more; where it does not, everything."""

from __future__ import annotations

from typing import Any

from web_fragments.fragment import Fragment
from xblock.exceptions import JsonHandlerError

from .authoring import can_create_children, create_child, native_add_strip, require_author
from .handlers import text_of
from .insights_link import insights_url
from .rendering import add_resources, as_data, render, translator

__all__ = ["add_part", "add_strip", "arrange", "plain_container"]


def add_strip(block: Any, stock: Fragment) -> Fragment:
    """The stock container page with our own strip below, for Studios that hide or break the stock buttons.

    The script shows it only when no other way to add is on the page, so that no Studio shows two.
    """
    url = insights_url(block)
    if url:
        stock.add_content(render(block, "unit_insights_link.html", {"insights_url": url}))
    if native_add_strip():
        return stock
    stock.add_content(render(block, "unit_add_strip.html", _strip(block, handler="")))
    add_resources(block, stock, styles=("studio",), scripts=("page", "container"))
    # Ours starts the stock script in turn: a fragment has room for one.
    stock.initialize_js("MicrocredUnitContainer")
    return stock


def plain_container(block: Any, context: dict[str, Any]) -> Fragment:
    """The children with buttons to move and remove them, for runtimes without Studio's templates."""
    fragment = Fragment()
    children = []
    for child_id in block.children:
        child = block.runtime.get_block(child_id)
        rendered = block.render_step(child, {**context, "in_microcred_unit": True}, preview=True)
        fragment.add_fragment_resources(rendered)
        children.append(
            {
                "usage_key": str(child_id),
                "title": str(getattr(child, "display_name", "") or child.scope_ids.block_type),
                "content": rendered.content,
            }
        )
    strip = _strip(block, handler="add_part" if can_create_children(block) else "")
    fragment.content = render(block, "unit_container.html", {"children": children, **strip})
    add_resources(block, fragment, styles=("microcred", "studio"), scripts=("page", "container"))
    fragment.initialize_js("MicrocredUnitContainer")
    return fragment


def arrange(block: Any, data: dict[str, Any]) -> dict[str, Any]:
    """Moves or removes a child: ``{usage_key, move: "up" | "down" | "remove"}``."""
    require_author(block)
    _ = translator(block).gettext
    wanted = text_of(block, data, "usage_key", most=500)
    children = list(block.children)
    place = next((n for n, key in enumerate(children) if str(key) == wanted), None)
    if place is None:
        raise JsonHandlerError(404, _("This part is not in the unit any more. Reload the page."))
    move = data.get("move")
    child = children.pop(place)
    if move in ("up", "down"):
        children.insert(max(0, place - 1) if move == "up" else place + 1, child)
    elif move != "remove":
        raise JsonHandlerError(400, _("Say whether to move up, down or remove."))
    block.children = children
    return {"children": [str(key) for key in children]}


def add_part(block: Any, data: dict[str, Any]) -> dict[str, Any]:
    """Adds a child of one of the categories the unit offers."""
    require_author(block)
    _ = translator(block).gettext
    category = text_of(block, data, "category", most=100)
    if category not in {spec.category for spec in block.get_nested_blocks_spec()}:
        raise JsonHandlerError(400, _("This kind of part cannot be added to a micro-unit."))
    if not can_create_children(block):
        raise JsonHandlerError(409, _("This Studio cannot add parts here. Add them on the unit's own page."))
    return {"created": create_child(block, category)}


def _strip(block: Any, *, handler: str) -> dict[str, Any]:
    _ = translator(block).gettext
    return {
        "specs": [
            {"category": spec.category, "label": spec.label, "boilerplate": spec.boilerplate or ""}
            for spec in block.get_nested_blocks_spec()
        ],
        "locator": str(block.scope_ids.usage_id),
        "add_handler": handler,
        "insights_url": insights_url(block),
        "texts": as_data({"failed": _("The part could not be added. Reload the page and try again.")}),
    }
