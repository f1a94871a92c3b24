"""Fill an office's own docx form with docxtpl: ``{{field}}`` and ``{%tr for row in table %}``, in a sandbox without code."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..model import packages
from ..model.causes import cause_of
from ..model.errors import WeipianError
from ..office.container import office_parts, office_zip
from .placeholder import KnownFields, Values, shown


@dataclass(frozen=True)
class WordTemplate:
    """A checked docx template."""

    name: str
    content: bytes
    known: KnownFields

    def fill(self, values: Values) -> bytes:
        """The filled document; equal values give equal bytes."""
        return office_zip(office_parts(_render(self.content, _context(values, self.known))))


def read_template(path: Path, known: KnownFields) -> WordTemplate:
    """Read a docx template and try it on blank values.

    Raises ``run.package_missing``, ``filing.template_unreadable``; ``filing.template_field_unknown`` with the paragraph or table cell.
    Raises ``filing.template_braces``.
    """
    packages.load("lxml.etree")
    jinja2 = packages.load("jinja2")
    try:
        content = path.read_bytes()
        blank = Values(
            dict.fromkeys(known.names.values(), ""),
            {name: [dict.fromkeys(columns.values(), "")] for name, columns in known.columns.items()},
        )
        _render(content, _context(blank, known))
    except jinja2.UndefinedError as error:
        name = _missing_name(str(error))
        place = next(_places(content, name), "?")
        raise WeipianError("filing.template_field_unknown", template=path.name, cell=place, field=name) from error
    except jinja2.TemplateError as error:
        raise WeipianError("filing.template_braces", template=path.name, cell="?", text=cause_of(error)) from error
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise WeipianError("filing.template_unreadable", template=str(path), reason=error) from error
    return WordTemplate(path.name, content, known)


def _render(content: bytes, context: Mapping[str, object]) -> bytes:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    from ..vendor.docxtpl import DocxTemplate

    template = DocxTemplate(io.BytesIO(content))
    template.render(dict(context), jinja_env=SandboxedEnvironment(undefined=StrictUndefined, autoescape=True))
    buffer = io.BytesIO()
    template.save(buffer)
    return buffer.getvalue()


def _context(values: Values, known: KnownFields) -> dict[str, Any]:
    """Every field and table under all its spellings; values as text, since a document has no numbers."""
    context: dict[str, Any] = {}
    for spelling, table in known.table_names.items():
        columns = known.columns[table]
        context[spelling] = [
            {name: shown(record[column]) for name, column in columns.items()} for record in values.tables[table]
        ]
    context.update({spelling: shown(values.fields[name]) for spelling, name in known.names.items()})
    return context


def _missing_name(reason: str) -> str:
    result = re.search(r"'([^']+)' is undefined", reason) or re.search(r"attribute '([^']+)'", reason)
    return result[1] if result else "?"


def _places(content: bytes, name: str) -> Iterator[str]:
    """Where a name stands in the document: 表 2 行 3 列 1, or 段落 5."""
    from ..vendor.docx import Document

    document = Document(io.BytesIO(content))
    for number, table in enumerate(document.tables, start=1):
        for row_number, row in enumerate(table.rows, start=1):
            for column_number, cell in enumerate(row.cells, start=1):
                if name in cell.text:
                    yield f"表{number} 第{row_number}行 第{column_number}列"
    for number, paragraph in enumerate(document.paragraphs, start=1):
        if name in paragraph.text:
            yield f"第{number}段"
