"""HTML pages from the templates under ``resources/templates``: no outside resources, every delivered text escaped."""

from __future__ import annotations

from typing import Any

from ..model.errors import WeipianError
from ..model.paths import resource


def render_page(template: str, **values: Any) -> str:
    """The page of ``template`` (a file name). Raises ``run.package_missing`` where Jinja2 is not installed."""
    try:
        from jinja2 import FileSystemLoader, StrictUndefined
        from jinja2.sandbox import SandboxedEnvironment
    except ImportError as error:
        raise WeipianError("run.package_missing", name="jinja2") from error
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(str(resource("templates"))),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(**values)
