"""Numbered steps of a guide, and somebody who takes each of them in a browser exactly as it is written.

In a numbered step, what stands in ``*stars*`` is on the page under that name and is pressed, filled in or read; what
stands in double backquotes is typed, opened or run. A walk therefore fails when the guide names something that nobody
touched, when something is touched that the guide does not name, and when a step of the guide was not taken at all.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.fixtures.accessibility import violations
from tests.fixtures.demo import REPOSITORY

__all__ = ["GUIDES", "Step", "Walk", "is_well_made", "keep", "steps_of"]

GUIDES = REPOSITORY / "docs" / "how-to"
_UNDERLINE = re.compile(r"^([=\-~])\1{2,}$")
_ITEM = re.compile(r"^(\d+)\. (.*)$")
_NAME = re.compile(r"``(.+?)``|(?<![*\w])\*([^*]+)\*(?!\*)")
Place = Page | FrameLocator | Locator


@dataclass
class Step:
    """One numbered step; what it names is ticked off as somebody uses it."""

    section: str
    number: int
    text: str
    used: set[str] = field(default_factory=set)

    @property
    def names(self) -> list[str]:
        """What is named, in order: on the page, and to type."""
        return [(typed or shown).strip() for typed, shown in _NAME.findall(self.text)]

    def named(self, name: str) -> str:
        """*name*, if the step says it."""
        said = f"{self.section}, step {self.number}, does not say “{name}”: {self.text}"
        assert name in self.names, said
        self.used.add(name)
        return name

    def press(self, place: Place, name: str, role: str = "", *, whole: bool = True) -> None:
        """Click what has this name; with *whole* false, what begins with it (“Edit” of “Edit “Choose a lock””)."""
        hidden = "( ?[:,“].*)?$"  # what only screen readers hear: of which badge, in which course
        words = re.compile("^" + re.escape(self.named(name)) + (hidden if whole else ""))
        if role:
            target = place.get_by_role(role, name=words)  # type: ignore[arg-type]
        else:
            target = place.get_by_role("link", name=words).or_(place.get_by_role("button", name=words))
        target.first.click()

    def open_fold(self, place: Place, name: str) -> None:
        """Unfold what stands under this name."""
        place.locator("summary").filter(has_text=self.named(name)).first.click()

    def choose(self, place: Place, name: str) -> None:
        """Tick the box, or take the option, of this name."""
        place.get_by_label(self.named(name)).first.check()

    def write(self, place: Place, label: str, text: str) -> None:
        """Type what the step gives as an example into the field it names."""
        place.get_by_label(self.named(label)).first.fill(self.named(text))

    def field(self, place: Place, label: str) -> Locator:
        """The field of this name, for what cannot be typed."""
        return place.get_by_label(self.named(label)).first

    def sees(self, place: Place, text: str) -> None:
        """What the step promises is there."""
        expect(place.get_by_text(self.named(text)).locator("visible=true").first).to_be_visible()


class Walk:
    """All numbered steps of one guide, to be taken in their order."""

    def __init__(self, guide: str) -> None:
        self.guide = guide
        self.left = steps_of(guide)
        assert self.left, f"{guide} has no numbered steps"

    @contextmanager
    def step(self, beginning: str) -> Iterator[Step]:
        """Take the next step; *beginning* is how it begins, so that a reader of the test finds it in the guide."""
        assert self.left, f"{self.guide} has no step after the last one: {beginning}"
        step = self.left.pop(0)
        plain = re.sub(r"[*`]", "", step.text)
        assert plain.startswith(beginning), f"{self.guide}: the next step is “{plain}”, not “{beginning}”"
        yield step
        untouched = [name for name in step.names if name not in step.used]
        assert not untouched, f"{self.guide}, {step.section}, step {step.number}: nobody touched {untouched}"

    def ends(self) -> None:
        """Nothing of the guide was left out."""
        assert not self.left, f"{self.guide}: nobody took the step “{self.left[0].text}”"


def steps_of(guide: str) -> list[Step]:
    """The numbered steps of a guide with their sections, in order; lines that go on are joined."""
    steps: list[Step] = []
    section, open_step = "", False
    lines = (GUIDES / f"{guide}.rst").read_text(encoding="utf-8").splitlines()
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if _UNDERLINE.match(below) and line.strip():
            section, open_step = line.strip(), False
        elif item := _ITEM.match(line):
            steps.append(Step(section, int(item[1]), item[2]))
            open_step = True
        elif open_step and line.startswith("   ") and line.strip():
            steps[-1].text += " " + line.strip()
        else:
            open_step = False
    numbers = [(step.section, step.number) for step in steps]
    assert len(set(numbers)) == len(numbers), f"{guide} numbers two steps of a section alike"
    return steps


def keep(page: Page, name: str) -> None:
    """A small picture for the guides, when ``make pictures`` asks for it: the upper part of the page, 128 colours."""
    if folder := os.environ.get("MICROCRED_PICTURES"):
        page.wait_for_load_state("networkidle")
        page.evaluate("scrollTo(0, 0)")
        shot = page.screenshot(clip={"x": 0, "y": 0, "width": page.viewport_size["width"], "height": 820})  # type: ignore[index]
        picture = Image.open(io.BytesIO(shot)).convert("RGB").quantize(128)
        picture.save(Path(folder) / f"{name}.png", optimize=True)


def is_well_made(page: Page) -> None:
    """Axe finds nothing, and nothing is cut off at the side."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
