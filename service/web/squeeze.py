"""Compression for pages that phones fetch over slow networks.

Named by the handler, never for all: a page that shows what a request brought beside a secret tells
the secret by its length (Gluck, Harris and Prado 2013, "BREACH").
"""

from litestar.config.compression import CompressionConfig
from litestar.middleware import DefineMiddleware
from litestar.middleware.compression import CompressionMiddleware

SQUEEZED = DefineMiddleware(
    CompressionMiddleware, config=CompressionConfig(backend="gzip", gzip_compress_level=6)
)
"""The middleware of a handler whose answer says nothing that its request did."""
