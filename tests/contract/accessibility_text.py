"""What a screen reader is told, as text: the roles, names and states of Chromium's accessibility tree."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

__all__ = ["spoken"]

#: Parts of words, and boxes that say nothing by themselves.
_SILENT = {
    "none",
    "generic",
    "InlineTextBox",
    "RootWebArea",
    "LineBreak",
    "LabelText",
    "StaticText",
    "ListMarker",
}
_STATES = ("checked", "disabled", "expanded", "invalid", "focused")


def spoken(page: Page) -> str:
    """One line for each thing with a role, indented as it is nested; plain text stands in quotes."""
    session = page.context.new_cdp_session(page)
    tree = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in tree}
    root = next(node for node in tree if not node.get("parentId"))
    lines: list[str] = []
    _walk(root, by_id, 0, lines)
    return "\n".join(lines) + "\n"


def _walk(node: dict[str, Any], by_id: dict[str, Any], depth: int, lines: list[str]) -> None:
    role = node.get("role", {}).get("value", "")
    line = "" if node.get("ignored") else _line(node, role)
    if line:
        lines.append("  " * depth + line)
    if role == "StaticText":
        return
    for key in node.get("childIds", []):
        if key in by_id:
            _walk(by_id[key], by_id, depth + bool(line), lines)


def _line(node: dict[str, Any], role: str) -> str:
    name = " ".join(str(node.get("name", {}).get("value", "")).split())
    if role == "StaticText":
        return f'"{name}"' if name else ""
    if role in _SILENT:
        return ""
    states = [
        entry["name"]
        if entry["value"].get("value") is True
        else f"{entry['name']}={entry['value'].get('value')}"
        for entry in node.get("properties", [])
        if entry["name"] in _STATES and entry["value"].get("value") not in (False, "false")
    ]
    value = node.get("value", {}).get("value", "")
    return " ".join(
        filter(None, [role, f'"{name}"' if name else "", f"= {value}" if value != "" else "", *states])
    )
