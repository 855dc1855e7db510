"""Courses come and go as OLX, the platform's own exchange format; importing twice gives the same course.

Read: one ``course.xml`` whose root is ``<course url_name= org= course= display_name=>`` with chapters,
sequentials, verticals and blocks inline; also pointer tags (``<vertical url_name="x"/>`` with
``vertical/x.xml``) and html blocks with a ``filename``, as the platform's export writes them.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from lxml import etree
from opaque_keys.edx.keys import CourseKey, UsageKey
from opaque_keys.edx.locator import CourseLocator
from xblock.core import XBlock
from xblock.fields import ScopeIds
from xblock.plugin import PluginMissingError

from demo_site.courses import assets, authoring
from demo_site.courses.models import Branch
from demo_site.courses.tree import load_tree
from demo_site.runtime.field_store import DatabaseState
from demo_site.runtime.runtime import EditorRuntime, Viewer

__all__ = ["OlxError", "export_block", "import_block", "import_course", "read_course_key"]

#: Attributes of the root that make the course key, and those that name a block rather than set a field.
_KEY_ATTRIBUTES = ("org", "course")
_NAMING = ("url_name", "filename", "slug", "xblock-family")


class OlxError(Exception):
    """The OLX cannot be imported; the message names the file or element and what is wrong."""


class _ImportRuntime(EditorRuntime):
    """Turns elements into draft blocks. The folder resolves pointer tags; None where there are no files."""

    def __init__(self, course_key: CourseKey, folder: Path | None = None) -> None:
        super().__init__(course_key, Viewer(user=AnonymousUser(), state=DatabaseState()))
        self._folder = folder

    def add_node_as_child(self, block: XBlock, node: etree._Element) -> None:
        """Called by ``XBlock.parse_xml`` for each child element."""
        self.import_node(node, block.scope_ids.usage_id)

    def import_node(self, node: etree._Element, parent: UsageKey | None) -> UsageKey:
        """Make a block of the element below *parent*, and blocks of the elements inside."""
        node = self._resolved(node)
        block_type = str(node.tag)
        if block_type == "html":
            self._inline_file(node)
        try:
            block_class = self.mixologist.mix(self.load_block_type(block_type))
        except PluginMissingError as error:
            raise OlxError(
                f"<{block_type}> in line {node.sourceline}: no block of this type is installed."
            ) from error
        block_id = "course" if block_type == "course" else node.get("url_name", "")
        if block_id and self.course_key.make_usage_key(block_type, block_id) in self.store.tree.nodes:
            raise OlxError(
                f"<{block_type} url_name={block_id!r}> in line {node.sourceline}: the course already has a "
                "block of this type and name."
            )
        usage_key = authoring.add_block(self.course_key, block_type, parent, block_id=block_id)
        for name in _NAMING + (_KEY_ATTRIBUTES if block_type == "course" else ()):
            node.attrib.pop(name, None)
        self.store.forget_tree()
        ids = ScopeIds(None, block_type, usage_key, usage_key)
        block = block_class.parse_xml(node, self, ids)
        self.store.forget_tree()
        block.save()
        return usage_key

    def _resolved(self, node: etree._Element) -> etree._Element:
        name = node.get("url_name")
        if self._folder is None or not name or len(node) or node.text or set(node.keys()) - {"url_name"}:
            return node
        path = self._folder / str(node.tag) / f"{name}.xml"
        if not path.is_file():
            return node
        found = _parse(path.read_bytes(), str(path))
        found.set("url_name", name)
        return found

    def _inline_file(self, node: etree._Element) -> None:
        name = node.get("filename")
        if name and self._folder is not None:
            path = self._folder / "html" / f"{name}.html"
            if not path.is_file():
                raise OlxError(f"{path} is missing; <html filename={name!r}> refers to it.")
            node.text = path.read_text(encoding="utf-8")


def read_course_key(folder: Path) -> CourseKey:
    """The key that the course in *folder* will have."""
    return _course_key(_read_course(folder))


def import_course(folder: Path) -> CourseKey:
    """Replace the course of that key with the one in *folder*, publish it, and take over its files.

    What learners did stays, because block ids come from ``url_name``. Raises :class:`OlxError` and changes
    nothing when the OLX is faulty.
    """
    root = _read_course(folder)
    course_key = _course_key(root)
    with transaction.atomic():
        authoring.delete_course(course_key)
        usage_key = _ImportRuntime(course_key, folder).import_node(root, None)
        authoring.publish(usage_key)
    assets.copy_assets(course_key, folder / "static")
    return course_key


def import_block(course_key: CourseKey, xml: bytes, parent: UsageKey) -> UsageKey:
    """Make draft blocks of one element at the end of *parent*."""
    with transaction.atomic():
        return _ImportRuntime(course_key).import_node(_parse(xml, "the OLX"), parent)


def export_block(usage_key: UsageKey) -> bytes:
    """The draft of a block and everything below it as one OLX element."""
    runtime = _ExportRuntime(usage_key.course_key, Viewer(user=AnonymousUser(), state=DatabaseState()))
    if usage_key not in load_tree(usage_key.course_key, Branch.DRAFT).nodes:
        raise OlxError(f"{usage_key} does not exist.")
    buffer = BytesIO()
    runtime.export_to_xml(runtime.get_block(usage_key), buffer)
    return buffer.getvalue()


class _ExportRuntime(EditorRuntime):
    """Writes ``url_name`` so that a later import finds the same block ids."""

    def export_to_xml(self, block: Any, xmlfile: Any) -> None:
        root = etree.Element("block")
        self._write(block, root)
        etree.ElementTree(root).write(xmlfile, pretty_print=True, encoding="utf-8")

    def add_block_as_child_node(self, block: XBlock, node: etree._Element) -> None:
        self._write(block, etree.SubElement(node, "block"))

    @staticmethod
    def _write(block: XBlock, node: etree._Element) -> None:
        block.add_xml_to_node(node)
        node.attrib.pop("xblock-family", None)
        node.set("url_name", block.scope_ids.usage_id.block_id)


def _read_course(folder: Path) -> etree._Element:
    path = folder / "course.xml"
    if not path.is_file():
        raise OlxError(f"{path} is missing. A course folder holds course.xml and static/.")
    root = _parse(path.read_bytes(), str(path))
    if root.tag != "course":
        raise OlxError(f"{path} must begin with <course>, not <{root.tag}>.")
    return root


def _course_key(root: etree._Element) -> CourseKey:
    missing = [name for name in ("org", "course", "url_name") if not root.get(name)]
    if missing:
        raise OlxError(f"<course> needs the attributes {', '.join(missing)}; they make the course key.")
    return CourseLocator(root.get("org"), root.get("course"), root.get("url_name"))


def _parse(xml: bytes, where: str) -> etree._Element:
    """Entities and external files are not resolved: OLX arrives from outside."""
    parser = etree.XMLParser(
        remove_comments=True, remove_pis=True, resolve_entities=False, no_network=True, strip_cdata=False
    )
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise OlxError(f"{where}: {error}") from error
