"""A photo as the window shows it: what is known of the photo, and of its link with the parcel that is looked at."""

from __future__ import annotations

from dataclasses import dataclass

from ..model.records import Photo, PhotoLink
from ..model.words import PhotoStatus


@dataclass(frozen=True)
class ShownPhoto:
    """``link`` is one of no parcel (status rejected) where the photo is attached nowhere."""

    photo: Photo
    link: PhotoLink

    @property
    def key(self) -> str:
        """What links name the photo by."""
        return self.photo.key

    @property
    def attached(self) -> bool:
        return self.link.status is PhotoStatus.ATTACHED

    @property
    def removed(self) -> bool:
        """Whether a person took it out of the workspace, at every parcel."""
        return self.photo.status is PhotoStatus.REMOVED

    @property
    def purpose(self) -> str:
        """What the photo shows, by a person's word at this parcel, else as it came; "" where nothing says."""
        return self.link.purpose or self.photo.purpose


def loose(photo: Photo) -> ShownPhoto:
    """A photo that is attached to no parcel."""
    return ShownPhoto(photo, PhotoLink(photo.key, status=PhotoStatus.REJECTED))
