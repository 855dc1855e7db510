"""What can be said about a piece of authored HTML without a browser: how long it is, and who it shuts out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

__all__ = ["TextFacts", "read_text"]

#: More of one text than this is not looked at; a step of a few minutes has far less.
#: Some markup costs the parser the square of its length.
MOST_CHARACTERS = 50_000
_EMBEDDED = re.compile(r"data:[^\"'\s>]{200,}")
_VAGUE = frozenset({"here", "click here", "link", "this link", "more", "read more", "this page"})
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
#: Scripts written without spaces: their characters are counted instead of words.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_SENTENCE = re.compile(r"(?<=[.!?…。！？])\s+|\n+")
_BLOCKS = frozenset(
    {"p", "div", "li", "ul", "ol", "br", "td", "th", "tr", "table", "figure", "figcaption", "section"}
    | {f"h{level}" for level in range(1, 7)}
)


@dataclass(frozen=True)
class TextFacts:
    """Counts; ``longest_sentence`` in words, ``skipped_headings`` where a level is left out (h2, then h4)."""

    words: int = 0
    unspaced: int = 0
    longest_sentence: int = 0
    images: int = 0
    images_without_alt: int = 0
    vague_links: int = 0
    skipped_headings: int = 0
    tables_without_headers: int = 0
    frames_without_title: int = 0


class _Reader(HTMLParser):
    """Collects text and counts. ``HTMLParser`` takes whatever is given and never raises."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.images = self.without_alt = self.vague = self.skipped = self.frames = 0
        self.tables: list[bool] = []
        self.bare_tables = 0
        self._heading = 0
        self._link: list[str] | None = None
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("script", "style"):
            self._silent += 1
        elif tag == "img":
            self.images += 1
            # An empty text is right for decoration; a missing one never is.
            self.without_alt += "alt" not in given
            if self._link is not None:
                self._link.append(given.get("alt") or "")
        elif tag == "iframe":
            self.frames += not (given.get("title") or "").strip()
        elif tag == "a" and given.get("href"):
            self._link = [given.get("aria-label") or ""]
        elif tag == "table":
            self.tables.append(False)
        elif tag == "th" and self.tables:
            self.tables[-1] = True
        elif re.fullmatch(r"h[1-6]", tag):
            level = int(tag[1])
            self.skipped += bool(self._heading) and level > self._heading + 1
            self._heading = level
        if tag in _BLOCKS:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent = max(0, self._silent - 1)
        elif tag == "a" and self._link is not None:
            said = " ".join(" ".join(self._link).split()).casefold().strip(" .:»>→")
            self.vague += said in _VAGUE or not said
            self._link = None
        elif tag == "table" and self.tables:
            self.bare_tables += not self.tables.pop()
        if tag in _BLOCKS:
            self.text.append("\n")

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        self.text.append(data)
        if self._link is not None:
            self._link.append(data)


def read_text(markup: object) -> TextFacts:
    """The facts of *markup*; nothing for what is no text."""
    if not isinstance(markup, str) or not markup.strip():
        return TextFacts()
    reader = _Reader()
    reader.feed(_EMBEDDED.sub("data:", markup[:2_000_000])[:MOST_CHARACTERS])
    reader.close()
    text = "".join(reader.text)
    unspaced = len(_UNSPACED.findall(text))
    spaced = _UNSPACED.sub(" ", text)
    sentences = (len(_WORD.findall(sentence)) for sentence in _SENTENCE.split(spaced))
    return TextFacts(
        words=len(_WORD.findall(spaced)),
        unspaced=unspaced,
        longest_sentence=max(sentences, default=0),
        images=reader.images,
        images_without_alt=reader.without_alt,
        vague_links=reader.vague,
        skipped_headings=reader.skipped,
        tables_without_headers=reader.bare_tables + sum(not headed for headed in reader.tables),
        frames_without_title=reader.frames,
    )
