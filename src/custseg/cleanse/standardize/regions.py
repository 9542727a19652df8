"""States and provinces of the countries that abbreviate them in addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from custseg.cleanse.standardize.words import words

REGIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "US": words(
        """
        AL=Alabama AK=Alaska AZ=Arizona AR=Arkansas CA=California CO=Colorado CT=Connecticut
        DE=Delaware DC=District_of_Columbia FL=Florida GA=Georgia HI=Hawaii ID=Idaho IL=Illinois
        IN=Indiana IA=Iowa KS=Kansas KY=Kentucky LA=Louisiana ME=Maine MD=Maryland
        MA=Massachusetts MI=Michigan MN=Minnesota MS=Mississippi MO=Missouri MT=Montana
        NE=Nebraska NV=Nevada NH=New_Hampshire NJ=New_Jersey NM=New_Mexico NY=New_York
        NC=North_Carolina ND=North_Dakota OH=Ohio OK=Oklahoma OR=Oregon PA=Pennsylvania
        RI=Rhode_Island SC=South_Carolina SD=South_Dakota TN=Tennessee TX=Texas UT=Utah
        VT=Vermont VA=Virginia WA=Washington WV=West_Virginia WI=Wisconsin WY=Wyoming
        PR=Puerto_Rico GU=Guam VI=Virgin_Islands AS=American_Samoa MP=Northern_Mariana_Islands
        AA=Armed_Forces_Americas AE=Armed_Forces_Europe AP=Armed_Forces_Pacific
        CA=Calif MA=Mass PA=Penn PA=Penna CT=Conn TX=Tex FL=Fla IL=Ill IN=Ind MI=Mich MN=Minn
        MS=Miss WA=Wash WI=Wis WI=Wisc AZ=Ariz AR=Ark CO=Colo DE=Del KS=Kan KS=Kans NE=Neb
        NE=Nebr NV=Nev OK=Okla OR=Ore OR=Oreg TN=Tenn AL=Ala DC=Washington_DC
        NY=New_York_State WA=Washington_State VI=US_Virgin_Islands
        """
    ),
    "CA": words(
        """
        AB=Alberta BC=British_Columbia MB=Manitoba NB=New_Brunswick
        NL=Newfoundland_and_Labrador NS=Nova_Scotia NT=Northwest_Territories NU=Nunavut
        ON=Ontario PE=Prince_Edward_Island QC=Quebec SK=Saskatchewan YT=Yukon
        QC=Québec QC=Que QC=PQ ON=Ont AB=Alta SK=Sask MB=Man NL=Newfoundland NL=Nfld PE=PEI
        YT=Yukon_Territory
        """
    ),
    "AU": words(
        """
        ACT=Australian_Capital_Territory NSW=New_South_Wales NT=Northern_Territory
        QLD=Queensland SA=South_Australia TAS=Tasmania VIC=Victoria WA=Western_Australia
        """
    ),
}
"""``CODE=Name`` by country, codes as USPS, Canada Post and Australia Post have them."""

_SIGNS: Final = re.compile(r"[\W_]+")


def region_code(text: str, country: str) -> str:
    """Give the abbreviation of a state or province, or "" for none.

    >>> region_code("n.y.", "US"), region_code("New South Wales", "AU")
    ('NY', 'NSW')
    """
    return _codes().get(country, {}).get(_folded(text), "")


@cache
def _codes() -> Mapping[str, Mapping[str, str]]:
    codes: dict[str, dict[str, str]] = {}
    for country, pairs in REGIONS.items():
        known = codes[country] = {}
        for code, _, name in (pair.partition("=") for pair in pairs):
            known[_folded(name)] = known[_folded(code)] = code
    return codes


def _folded(text: str) -> str:
    return _SIGNS.sub("", text).casefold()
