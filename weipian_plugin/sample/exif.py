"""EXIF and XMP of the sample photos, as evidence cameras and drones write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Optional

from PIL import Image
from PIL.ExifTags import IFD, Base
from PIL.TiffImagePlugin import IFDRational


@dataclass(frozen=True)
class Tags:
    """What a photo says about itself; None is left out of the file.

    `azimuth` in degrees clockwise from the north that `reference` names (T true, M magnetic); `taken_at` is Beijing time.
    """

    lon: Optional[float]
    lat: Optional[float]
    altitude: float
    azimuth: Optional[float]
    reference: str
    taken_at: datetime
    drone: bool
    gimbal_yaw: Optional[float] = None
    gimbal_pitch: float = 0.0
    error_metres: float = 3.2


def _degrees(value: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    """Degrees, minutes, seconds; seconds to 1/10000, which is 3 mm."""
    total = round(abs(value) * 36_000_000)
    degrees, rest = divmod(total, 36_000_000)
    minutes, seconds = divmod(rest, 600_000)
    return (IFDRational(degrees, 1), IFDRational(minutes, 1), IFDRational(seconds, 10_000))


def exif_of(tags: Tags) -> Image.Exif:
    """The EXIF block for Pillow to write."""
    exif = Image.Exif()
    exif[Base.Make.value] = "Yufei" if tags.drone else "Shixian"
    exif[Base.Model.value] = "YF-3E" if tags.drone else "SX-20 Pro"
    exif[Base.Orientation.value] = 1
    exif[Base.Software.value] = "jz-camera 2.3"
    stamp = tags.taken_at.strftime("%Y:%m:%d %H:%M:%S")
    exif[Base.DateTime.value] = stamp
    detail = exif.get_ifd(IFD.Exif)
    detail[Base.DateTimeOriginal.value] = stamp
    detail[Base.DateTimeDigitized.value] = stamp
    detail[Base.OffsetTimeOriginal.value] = "+08:00"
    detail[Base.FocalLength.value] = IFDRational(88, 10) if tags.drone else IFDRational(54, 10)
    detail[Base.FocalLengthIn35mmFilm.value] = 24 if tags.drone else 26
    if tags.lon is None or tags.lat is None:
        return exif
    gps = exif.get_ifd(IFD.GPSInfo)
    utc = tags.taken_at - timedelta(hours=8)
    gps[0] = b"\x02\x03\x00\x00"
    gps[1], gps[2] = ("N" if tags.lat >= 0 else "S"), _degrees(tags.lat)
    gps[3], gps[4] = ("E" if tags.lon >= 0 else "W"), _degrees(tags.lon)
    gps[5], gps[6] = b"\x00", IFDRational(round(tags.altitude * 100), 100)
    gps[7] = (IFDRational(utc.hour, 1), IFDRational(utc.minute, 1), IFDRational(utc.second, 1))
    gps[18], gps[29] = "WGS-84", utc.strftime("%Y:%m:%d")
    gps[31] = IFDRational(round(tags.error_metres * 100), 100)
    if tags.azimuth is not None:
        gps[16], gps[17] = tags.reference, IFDRational(round(tags.azimuth * 100) % 36_000, 100)
    return exif


def xmp_of(tags: Tags) -> Optional[bytes]:
    """The XMP packet of a drone: the gimbal's yaw (-180 to 180 degrees from true north) and pitch."""
    if tags.gimbal_yaw is None:
        return None
    yaw = (tags.gimbal_yaw + 180.0) % 360.0 - 180.0
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/" '
        f'drone-dji:GimbalYawDegree="{yaw:+.2f}" drone-dji:GimbalPitchDegree="{tags.gimbal_pitch:+.2f}" '
        f'drone-dji:FlightYawDegree="{yaw:+.2f}" drone-dji:AbsoluteAltitude="{tags.altitude:+.2f}"/>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()
