from ..pygeomag.format import (
    decimal_degrees_to_degrees_minutes,
    decimal_degrees_to_degrees_minutes_seconds,
    degrees_minutes_seconds_to_decimal_degrees,
    degrees_minutes_to_decimal_degrees,
    pretty_print_degrees,
    round_to_digits,
)
from ..pygeomag.geomag import (
    BlackoutZoneException,
    CautionZoneException,
    GeoMag,
    GeoMagResult,
    GeoMagUncertaintyResult,
)
from ..pygeomag.time import (
    calculate_decimal_year,
    decimal_year_from_date,
    decimal_year_from_struct_time,
)
from ..pygeomag.util import __version__
