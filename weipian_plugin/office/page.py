"""HTML pages from the templates under ``resources/templates``: no outside resources, every delivered text escaped."""

from __future__ import annotations

from ..model import packages
from ..model.paths import resource


def render_page(template: str, **values: object) -> str:
    """The page of ``template`` (a file name). Raises ``run.package_missing`` where Jinja2 is not installed."""
    jinja2, sandbox = packages.load("jinja2"), packages.load("jinja2.sandbox")
    environment = sandbox.SandboxedEnvironment(
        loader=jinja2.FileSystemLoader(str(resource("templates"))),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return str(environment.get_template(template).render(**values))
