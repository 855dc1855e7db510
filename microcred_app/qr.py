"""QR codes as SVG that stands in a page."""

from __future__ import annotations

import io

import segno

__all__ = ["qr_svg"]


def qr_svg(text: str, *, title: str = "") -> str:
    """An SVG element that shows *text* as a QR code, black on white with a quiet zone, scalable by CSS."""
    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        buffer,
        kind="svg",
        border=4,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgns=True,
        omitsize=True,
        title=title or None,
        svgclass="microcred-qr",
        lineclass=None,
    )
    return buffer.getvalue().decode()
