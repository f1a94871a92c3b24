"""QGIS's own tool: native:calculatevectoroverlaps (the classes as one filtered layer each) and native:difference for the rest.

Run with the Python that QGIS is installed for; starting QGIS is not counted.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from qgis.analysis import QgsNativeAlgorithms
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsVectorLayer

from tests.bench.peers.common import CLASSES, Clock, arguments, hand_in


def main() -> None:
    a = arguments()
    application = QgsApplication([], False)
    application.initQgis()
    sys.path.append(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
    import processing

    QgsApplication.processingRegistry().addProvider(QgsNativeAlgorithms())
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    context.setEllipsoid("NONE")
    clock = Clock()

    def layer(name: str, condition: str = "", title: str = "") -> QgsVectorLayer:
        found = QgsVectorLayer(str(Path(a.data) / f"{name}.shp"), title or name, "ogr")
        if condition:
            found.setSubsetString(condition)
        return found

    def run(algorithm: str, **parameters: object) -> QgsVectorLayer:
        return processing.run(algorithm, {**parameters, "OUTPUT": "memory:"}, context=context, feedback=feedback)[
            "OUTPUT"
        ]

    parcels = layer("parcels")
    count = parcels.featureCount()
    approved, rest, classes = np.zeros(count), np.zeros(count), np.zeros((count, 12))
    for feature in run("native:calculatevectoroverlaps", INPUT=parcels, LAYERS=[layer("approvals")]).getFeatures():
        approved[feature["RID"]] = feature["approvals_area"]
    for feature in run("native:difference", INPUT=parcels, OVERLAY=layer("approvals")).getFeatures():
        rest[feature["RID"]] += feature.geometry().area()
    clock.lap("approvals")
    filtered = [layer("dltb", f"\"DLBM\" LIKE '{code}%'", f"c{code}") for code in CLASSES]
    for feature in run("native:calculatevectoroverlaps", INPUT=parcels, LAYERS=filtered).getFeatures():
        for place, code in enumerate(CLASSES):
            classes[feature["RID"], place] = feature[f"c{code}_area"]
    clock.lap("classes")
    hand_in(a.out, clock, approved, rest, classes)
    sys.stdout.flush()
    os._exit(0)  # QGIS may crash when it is taken down; the answer is written


if __name__ == "__main__":
    main()
