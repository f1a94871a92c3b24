"""Whether the layers are still those that the workspace was measured against.

What was measured keeps the SHA-256 of each layer (table ``layer``). Held against it are the layers that the catalogue names now, by role and
content: a layer that was corrected, taken away or added makes every measure and proposal one of another state. A layer that only moved has not
changed. Databases have no content to compare and are passed over, and so is a workspace whose catalogue and layers are not at hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from ..formats.catalogue import is_remote, read_catalogue
from ..formats.readers import fingerprint
from ..model.errors import WeipianError
from ..model.feedback import Feedback
from ..model.messages import Message
from ..model.records import LayerSource
from ..model.vocabulary import role_title
from ..overlay import cache
from ..overlay.sources import vector_layers
from ..workspace import Workspace
from .remembered import CATALOGUE, remembered
from .stored import cache_folder

CHANGED, REMOVED, ADDED = "changed", "removed", "added"
_TITLES = {CHANGED: "内容已变", REMOVED: "已移除或找不到", ADDED: "新加入"}


@dataclass(frozen=True)
class LayerChange:
    """A role whose layers are others than when the workspace was measured."""

    role: str
    kind: str

    def text(self) -> str:
        """As people read it: 农用地转用/征收批文（内容已变）."""
        return f"{role_title(self.role)}（{_TITLES[self.kind]}）"


def changes(store: Workspace, catalogue: Optional[Path] = None) -> tuple[LayerChange, ...]:
    """What changed since the workspace was measured; () where nothing did, or where nothing can be said."""
    before = {(str(role), str(sha256)) for role, sha256 in store.values("layer", ("role", "sha256")) if role and sha256}
    layers = _layers_now(store, catalogue)
    if not before or layers is None:
        return ()
    folder = cache_folder(store)
    now = {(layer.role, _sha256(layer, folder)) for layer in layers}
    lost = {role for role, _ in before - now}
    found = {role for role, sha256 in now - before if sha256}
    kinds = {**dict.fromkeys(lost, REMOVED), **dict.fromkeys(found, ADDED), **dict.fromkeys(lost & found, CHANGED)}
    return tuple(LayerChange(role, kinds[role]) for role in sorted(kinds))


def told(found: Sequence[LayerChange]) -> str:
    """The changed layers in one line; "" where there are none."""
    return "、".join(change.text() for change in found)


def message(found: Sequence[LayerChange]) -> Message:
    """The sentence for the log, the tables and the reasons."""
    return Message("judgment.layers_changed", {"layers": told(found)})


def reported(store: Workspace, feedback: Feedback, found: Optional[Sequence[LayerChange]] = None) -> Optional[Message]:
    """The sentence that the layers are others than those measured, told in the log; None where they are the same.

    ``found``: the :func:`changes`, where they are known.
    """
    found = changes(store) if found is None else found
    if not found:
        return None
    text = message(found)
    feedback.report(text, "warning")
    return text


def _layers_now(store: Workspace, catalogue: Optional[Path]) -> Optional[list[LayerSource]]:
    """The layers that have content to compare: those of the catalogue, and where it cannot be read (a file it names is gone) those that were
    measured. None where nothing of either is at hand."""
    path = catalogue or remembered(store, CATALOGUE)
    try:
        named = vector_layers(read_catalogue(path)) if path is not None and path.exists() else None
    except WeipianError:
        named = None
    if named is None:
        measured = [LayerSource(str(role), str(source)) for role, source in store.values("layer", ("role", "source"))]
        named = vector_layers(measured)
        if not any(Path(layer.source).exists() for layer in named if not is_remote(layer.source)):
            return None
    return [layer for layer in named if not is_remote(layer.source)]


def _sha256(layer: LayerSource, folder: Path) -> str:
    """SHA-256 of a layer as it is now; "" where there is no file."""
    return cache.known_sha256(folder, layer) or fingerprint(layer.source)
