"""Running one algorithm as QGIS does, for the tests of this folder."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback

from weipian_plugin.algorithms import provider as provided


def run(algorithm: str, feedback: QgsProcessingFeedback | None = None, **parameters: Any) -> dict[str, Any]:
    """The algorithm's results; wrong input raises QgsProcessingException."""
    kind = {entry.ID: entry for entry in provided.ALGORITHMS}[algorithm]
    context, feedback = QgsProcessingContext(), feedback or QgsProcessingFeedback()
    texts = {name: str(value) for name, value in parameters.items()}
    results, ok = kind().create().run(texts, context, feedback, {}, False)
    if not ok:
        raise QgsProcessingException(feedback.textLog())
    return results
