"""The whole sample county, from a seed to a folder."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from ..model.errors import Cancelled, WeipianError
from ..office.files import replace_folder
from .delivery import DELIVERY, write_delivery
from .documents import write_documents
from .imagery import write_imagery
from .layers import LAYER_FILES, write_catalogue, write_layers
from .photos import photo_truth, plan_photos, write_photos
from .plots import plant
from .registers import register_rows
from .survey import previous, survey
from .truth import PROFILE, build_truth, write_truth

CATALOGUE = "图层清单.yaml"
PHOTOS = "照片"
DOCUMENTS = "documents"
TRUTH = "truth.json"
# Marks a folder as an earlier sample, which may be replaced.
MARK = ".weipian-sample.json"


@dataclass(frozen=True)
class SampleCounty:
    """Where the parts of a written sample county are."""

    folder: Path
    delivery: Path
    catalogue: Path
    photos: Path
    documents: Path
    truth: Path
    profile: str = PROFILE


def located(folder: Path) -> SampleCounty:
    """The paths of a sample county in `folder`, whether or not it has been written."""
    return SampleCounty(
        folder, folder / DELIVERY, folder / CATALOGUE, folder / PHOTOS, folder / DOCUMENTS, folder / TRUTH
    )


def _check_target(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise WeipianError("sample.not_a_folder", folder=str(folder))
    if any(folder.iterdir()) and not (folder / MARK).is_file():
        raise WeipianError("sample.folder_in_use", folder=str(folder))


def write_sample_county(
    folder: Path,
    seed: int = 2023,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> SampleCounty:
    """Write the sample county to `folder` and say where its parts are.

    The county is made beside `folder` and renamed into place, so that a run that fails or is cancelled leaves what was
    there before. `progress` is called with 0 to 1, `cancelled` is asked between the parts.
    Raises `WeipianError` (`sample.folder_in_use`, `sample.not_a_folder`, `sample.unwritable`) and `Cancelled`.
    Raises ``sample.unwritable``.
    """
    folder = Path(folder)
    _check_target(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as problem:
        raise WeipianError("sample.unwritable", folder=str(folder), problem=problem) from problem
    try:
        new = aside / "new"  # made by mkdir, so that it has the usual permissions
        new.mkdir()
        _write(new, seed, _Steps(progress, cancelled))
        replace_folder(new, folder)
    except OSError as problem:
        raise WeipianError("sample.unwritable", folder=str(folder), problem=problem) from problem
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return located(folder)


class _Steps:
    """Progress in equal steps within the share of each stage, and the question whether to stop."""

    def __init__(self, progress: Callable[[float], None] | None, cancelled: Callable[[], bool] | None) -> None:
        self._progress, self._cancelled = progress, cancelled
        self._at = 0.0

    def share(self, share: float, steps: int) -> Callable[[], None]:
        """A callable that moves the bar by `share / steps` each time."""

        def step() -> None:
            if self._cancelled is not None and self._cancelled():
                raise Cancelled()
            self._at = min(1.0, self._at + share / steps)
            if self._progress is not None:
                self._progress(self._at)

        return step


def _write(folder: Path, seed: int, steps: _Steps) -> None:
    begin = steps.share(0.15, 3)
    plots = plant(seed)
    current = survey(plots, seed)
    begin()
    earlier = previous(current, plots)
    rows = register_rows(current, earlier, plots, seed)
    begin()
    truth = build_truth(plots, rows, current, earlier, seed)
    shots = plan_photos(plots, seed)
    truth["photos"] = photo_truth(shots)
    begin()
    scratch = folder / "scratch"
    scratch.mkdir()
    write_delivery(folder, plots, scratch)
    shutil.rmtree(scratch)
    write_layers(folder, rows, steps.share(0.1, len(LAYER_FILES)))
    write_catalogue(folder / CATALOGUE)
    write_imagery(folder, current, plots, seed, steps.share(0.4, 5))
    write_photos(folder / PHOTOS, shots, seed, steps.share(0.33, len(shots)))
    write_documents(folder / DOCUMENTS, plots, steps.share(0.02, 1))
    write_truth(folder / TRUTH, truth)
    with (folder / MARK).open("w", encoding="utf-8", newline="\n") as stream:
        json.dump({"sample": "weipian", "seed": seed}, stream)
