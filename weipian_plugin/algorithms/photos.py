"""``weipian:photos``: photos are read, checked, copied into the photo store and matched to parcels."""

from __future__ import annotations

from ..pipeline.match_photos import MatchPhotos
from .step import StepAlgorithm


class Photos(StepAlgorithm):
    COMMAND = MatchPhotos
    HELP = (
        "读取照片的位置、方位角和时间，按视线扇形与图斑的关系挂接，检查缺项、指向、距离、时间和重复使用；每张照片都有一行结果和原因。"
        "照片逐次累加：再次运行只读取新增照片，以前挂接的照片不会因此消失；"
        "照片只复制、不移动、不修改；人工挂接或取消的结果不会被重新计算覆盖。"
    )
