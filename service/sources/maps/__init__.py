"""Maps kept elsewhere, as GeoPackage or PMTiles: read, and cut into small tiles of paths."""
