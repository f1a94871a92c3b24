"""QR codes as SVG text, for papers that a phone reads."""

from __future__ import annotations

import io


def qr_svg(text: str) -> str:
    """A QR code of ``text`` as an ``<svg>`` element (error correction M), to stand in a page."""
    from ..vendor import segno

    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        buffer, kind="svg", xmldecl=False, svgns=False, border=2, omitsize=True, nl=False
    )
    return buffer.getvalue().decode("utf-8")
