"""Words of addresses in English, and their abbreviations."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from custseg.cleanse.standardize.words import words

SUFFIXES: Final = words(
    """
    STREET=ST AVENUE=AVE AVENUE=AV ROAD=RD BOULEVARD=BLVD DRIVE=DR LANE=LN COURT=CT PLACE=PL
    SQUARE=SQ TERRACE=TER TERRACE=TCE TERRACE=TERR HIGHWAY=HWY PARKWAY=PKWY PARKWAY=PKY
    CIRCLE=CIR CRESCENT=CRES CRESCENT=CR CLOSE=CL TRAIL=TRL EXPRESSWAY=EXPY FREEWAY=FWY
    TURNPIKE=TPKE ALLEY=ALY CENTER=CTR CENTRE=CTR GARDENS=GDNS GROVE=GRV GROVE=GR HEIGHTS=HTS
    HILL=HL ISLAND=IS JUNCTION=JCT LANDING=LNDG LOOP=LOOP MALL=MALL MEWS=MEWS MOUNT=MT
    PARADE=PDE PARK=PARK PATH=PATH PIKE=PIKE PLAZA=PLZ POINT=PT RIDGE=RDG ROUTE=RTE ROW=ROW
    RUN=RUN STATION=STA TRACE=TRCE VALLEY=VLY VIEW=VW VILLAGE=VLG WALK=WALK WAY=WAY BROADWAY
    """
)
"""``NAME=ABBREVIATION`` of what streets are called (USPS Publication 28, Australia Post)."""

STREET_TYPES: Final = words(
    """
    STREET AVENUE ROAD BOULEVARD DRIVE LANE COURT PLACE SQUARE TERRACE HIGHWAY PARKWAY CIRCLE
    CRESCENT CLOSE TRAIL EXPRESSWAY FREEWAY TURNPIKE ALLEY PARADE PLAZA WAY MEWS
    """
)
"""Those that end the name of a street; the others (Park, Hill) may begin it: Park Avenue."""

DIRECTIONS: Final = words(
    """
    NORTH=N SOUTH=S EAST=E WEST=W NORTHEAST=NE NORTHWEST=NW SOUTHEAST=SE SOUTHWEST=SW
    """
)

UNITS: Final = words(
    """
    APARTMENT=APT UNIT=UNIT SUITE=STE ROOM=RM FLOOR=FL FLAT=FLAT BUILDING=BLDG LOT=LOT SPACE=SPC
    TRAILER=TRLR DEPARTMENT=DEPT PENTHOUSE=PH LEVEL=LVL SHOP=SHOP OFFICE=OFC
    """
)
"""What stands before the number of a part of a building."""

COUNTIES: Final = frozenset(
    word.replace("_", " ")
    for word in words(
        """
        bedfordshire berkshire buckinghamshire bucks cambridgeshire cheshire cornwall cumbria
        derbyshire devon dorset durham county_durham east_sussex west_sussex sussex essex
        gloucestershire greater_london greater_manchester hampshire hants herefordshire
        hertfordshire herts isle_of_wight kent lancashire lancs leicestershire lincolnshire
        merseyside middlesex middx norfolk northamptonshire northants northumberland
        nottinghamshire notts oxfordshire oxon rutland shropshire somerset south_yorkshire
        staffordshire suffolk surrey tyne_and_wear warwickshire west_midlands west_yorkshire
        north_yorkshire w_yorks s_yorks n_yorks berks beds cambs derbys glos staffs wilts worcs
        lincs yorkshire east_riding_of_yorkshire wiltshire worcestershire avon
        england scotland wales northern_ireland uk
        """
    )
)
"""What British addresses write behind the town, in lower case."""


def expanded(pairs: tuple[str, ...]) -> dict[str, str]:
    """Give the abbreviation of every word in ``NAME=ABBREVIATION`` pairs."""
    short: dict[str, str] = {}
    for name, _, code in (pair.partition("=") for pair in pairs):
        short.setdefault(name, code or name)
        short[code or name] = short[name]
    return short


@cache
def abbreviations() -> Mapping[str, str]:
    """Give the one abbreviation of every name of streets, directions and units."""
    return expanded(SUFFIXES) | expanded(DIRECTIONS) | expanded(UNITS)
