"""Where Sweden's municipalities lie: names, base maps and areas.

Converted once at set-up from packages (`python -m service.geography.build`) and read from
`built/` afterwards, so that no page waits for geometry.
"""

from service.geography.areas import AreaShape, areas_of, nearest_area
from service.geography.base_map import ATTRIBUTION, BaseMap, Locality, base_map
from service.geography.municipalities import municipalities

__all__ = [
    "ATTRIBUTION",
    "AreaShape",
    "BaseMap",
    "Locality",
    "areas_of",
    "base_map",
    "municipalities",
    "nearest_area",
]
