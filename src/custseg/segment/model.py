"""What a segmentation learned, saved so that other customers can be scored with exactly that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from custseg.errors import InputError
from custseg.segment.clusters import ClusterModel
from custseg.segment.maps import SegmentMap, segment_map
from custseg.segment.rfm import RfmModel

VERSION: Final = 1
"""Of the form of ``model.json``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentModel:
    """Cuts, map and clusters.

    Attributes
    ----------
    as_of
        ISO date that recency was counted from when the model was fitted.
    rfm, map, clusters
        None where the run made none.
    map_name
        What the map is called.
    """

    as_of: str
    rfm: RfmModel | None = None
    map: SegmentMap | None = None
    map_name: str = ""
    clusters: ClusterModel | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain values for JSON."""
        rules = [] if self.map is None else [list(rule) for rule in self.map.rules]
        return {
            "version": VERSION,
            "as_of": self.as_of,
            "rfm": None if self.rfm is None else self.rfm.to_dict(),
            "map": {"name": self.map_name, "rules": rules},
            "clusters": None if self.clusters is None else self.clusters.to_dict(),
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any], name: str = "model.json") -> Self:
        """Take it from what :meth:`to_dict` gave.

        Raises
        ------
        InputError
            If it is not such a model, or one of a later version.
        """
        try:
            if plain["version"] != VERSION:
                raise InputError("segment.model_version", name=name, version=VERSION)
            rfm = None if plain["rfm"] is None else RfmModel.from_dict(plain["rfm"])
            rules = plain["map"]["rules"]
            clusters = plain["clusters"]
            return cls(
                as_of=plain["as_of"],
                rfm=rfm,
                map=segment_map(rules, rfm.bins) if rules and rfm else None,
                map_name=plain["map"]["name"],
                clusters=None if clusters is None else ClusterModel.from_dict(clusters),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InputError("segment.model_unreadable", name=name) from error
