"""The interface's OpenAPI description: of these addresses alone, with how a key is sent."""

import re
from typing import Any

from litestar import Litestar

from service.web.language import _

TITLE = "Kraftsamling: rapporter från verksamhetens egna system"
_REFERENCE = re.compile(r"#/components/schemas/([^\"]+)")


def describe(app: Litestar) -> dict[str, Any]:
    """OpenAPI 3.1 of the paths below ``/api/v1``, and of the types that they name."""
    whole = app.openapi_schema.to_schema()
    paths = {path: item for path, item in whole["paths"].items() if "/api/v1/" in path}
    for item in paths.values():
        for operation in item.values():
            operation["security"] = [{"key": []}]
    return {
        "openapi": whole["openapi"],
        "info": {"title": TITLE, "version": "1"},
        "paths": paths,
        "components": {
            "schemas": _named(paths, whole["components"]["schemas"]),
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "bearerFormat": "kraft_…"}
            },
        },
    }


def _named(paths: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """The schemas that the paths reach, straight or by others."""
    found: dict[str, Any] = {}
    asked = set(_REFERENCE.findall(repr(paths).replace("'", '"')))
    while asked:
        name = asked.pop()
        if name not in found:
            found[name] = schemas[name]
            asked |= set(_REFERENCE.findall(repr(schemas[name]).replace("'", '"')))
    return dict(sorted(found.items()))


def types_of(described: dict[str, Any]) -> list[tuple[str, list[list[str]]]]:
    """Each type that has fields, with rows of field, kind and whether it must be there."""
    return [
        (
            name,
            [
                [field, _kind(what), _("ja") if field in schema.get("required", ()) else _("nej")]
                for field, what in schema["properties"].items()
            ],
        )
        for name, schema in described["components"]["schemas"].items()
        if schema.get("properties")
    ]


def _kind(schema: dict[str, Any]) -> str:
    """``string (date-time)``, ``NewReport``, ``array of NewReport``, in the description's words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "oneOf" in schema:
        return ", ".join(_kind(one) for one in schema["oneOf"])
    if schema.get("type") == "array":
        return f"array of {_kind(schema['items'])}"
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    found = schema.get("type", "any")
    kind = ", ".join(found) if isinstance(found, list) else str(found)
    return f"{kind} ({schema['format']})" if "format" in schema else kind
