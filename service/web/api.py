"""The description of all routes, for who builds against them."""

from typing import Any

from litestar import Request, get

from service.web.may import SIGNED_IN


@get("/openapi.json", opt=SIGNED_IN, include_in_schema=False, sync_to_thread=False)
def openapi(request: Request[Any, Any, Any]) -> dict[str, Any]:
    return request.app.openapi_schema.to_schema()


routes = [openapi]
