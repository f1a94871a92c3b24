"""书面总结: a docx from a replaceable template, and a one-page html overview with the same figures.

The template is an ordinary Word file with docxtpl's tags (``resources/templates/summary.docx``, made by
``scripts/make_summary_template.py``); an office copies it, changes text and layout, and gives its own. Names that can stand in it
are the fields of :class:`..overview.Overview`: ``{{ f.issued }}``, ``{{ area }}``, ``{{ year }}``, ``{{ as_of }}``, ``{{ addressee }}``
(主送), ``{{ signed_by }}`` (落款), rows of ``categories``, ``units``, ``attention``, ``problems``, ``notes``, and the pictures ``{{ p.map }}``.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from ..model import packages
from ..model.errors import WeipianError
from ..model.paths import resource
from ..office.dates import chinese_day
from ..office.files import write_bytes_atomic
from . import charts, deadlines, overview, records
from .building import prepare

_PICTURE_MM = 150


def write(snapshot: records.Snapshot, as_of: date, template: Path | None, path: Path, by: str | None = None) -> Path:
    """Write the summary of a snapshot as of a day. Raises ``oversight.template``, ``office.unwritable``, ``run.package_missing``."""
    prepared = prepare(snapshot, as_of, by)
    return write_overview(overview.collect(snapshot, prepared, deadlines.load_calendar()), template, path)


def write_overview(made: overview.Overview, template: Path | None, path: Path) -> Path:
    """Write the docx of a collected overview. Raises ``oversight.template`` and ``run.file_missing``."""
    packages.load("lxml.etree")
    packages.load("jinja2")
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    from ..vendor.docx.shared import Mm
    from ..vendor.docxtpl import DocxTemplate, InlineImage

    source = Path(template) if template else resource("templates", "summary.docx")
    if not source.is_file():
        raise WeipianError("run.file_missing", path=str(source))
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        document = DocxTemplate(str(source))
        pictures = {
            name: InlineImage(document, BytesIO(data), width=Mm(_PICTURE_MM)) for name, data in made.pictures.items()
        }
        document.render(context(made, pictures), jinja_env=environment, autoescape=True)
    except (TemplateError, BadZipFile, KeyError, ValueError) as error:
        raise WeipianError("oversight.template", path=str(source), reason=_unknown_tag(error) or error) from error
    buffer = BytesIO()
    document.save(buffer)
    return write_bytes_atomic(path, buffer.getvalue())


def _unknown_tag(error: Exception) -> str:
    """The tag that the template asks for and the summary does not know, as it stands in the template; "" for other errors."""
    found = re.search(r"'([^']+)' is undefined", str(error))
    return f"{{{{ {found[1]} }}}}" if found else ""


def write_html(made: overview.Overview, path: Path) -> Path:
    """Write the one-page overview, whole in one file. Raises ``office.unwritable``, ``run.package_missing``."""
    packages.load("jinja2")
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    pictures = {
        name: "data:image/png;base64," + b64encode(data).decode("ascii") for name, data in made.pictures.items()
    }
    source = resource("templates", "overview.html").read_text(encoding="utf-8")
    return write_bytes_atomic(path, environment.from_string(source).render(context(made, pictures)).encode("utf-8"))


def context(made: overview.Overview, pictures: Mapping[str, Any]) -> dict[str, Any]:
    """What a template can name."""
    return {
        "area": made.area, "addressee": made.addressee, "signed_by": made.signed_by,
        "year": made.year, "as_of": chinese_day(made.as_of), "level": made.level,
        "f": dict(made.figures), "categories": list(made.categories), "units": list(made.units), "attention": list(made.attention),
        "problems": list(made.problems), "notes": list(made.notes), "p": dict(pictures),
        "font": charts.chinese_font() or "",
    }  # fmt: skip
