"""The same content, the same bytes: QGIS's PDF without the clock in it."""

from __future__ import annotations

import hashlib
import re

_PDF_DATE = b"D:20000101000000"


def fixed_pdf(content: bytes) -> bytes:
    """Qt's PDF with its clock and random identifiers replaced by same-length text, so that the cross-reference table holds.

    Creation and modification dates become 2000-01-01; the document identifiers are derived from the remaining content.
    """
    content = re.sub(rb"D:\d{14}", _PDF_DATE, content)
    content = re.sub(
        rb"(xmp:(?:Create|Modify|Metadata)Date(?:>|=\"))\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
        rb"\g<1>2000-01-01T00:00:00",
        content,
    )
    uuid = re.compile(rb"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
    blank = uuid.sub(b"00000000-0000-0000-0000-000000000000", content)
    identifier = re.compile(rb"(/ID\s*\[\s*<)([0-9A-Fa-f]*)(>\s*<)([0-9A-Fa-f]*)(>)")
    blank = identifier.sub(
        lambda found: found[1] + b"0" * len(found[2]) + found[3] + b"0" * len(found[4]) + found[5], blank
    )
    digest = hashlib.sha256(blank).hexdigest().encode()

    def identified(found: re.Match[bytes]) -> bytes:
        first, second = (digest[: len(found[group])].ljust(len(found[group]), b"0") for group in (2, 4))
        return found[1] + first + found[3] + second + found[5]

    return identifier.sub(identified, blank)
