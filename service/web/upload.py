"""The file of a form, read once."""

from litestar.datastructures import FormMultiDict, UploadFile

from service.web.clean import clean

LONGEST_NAME = 200


async def read_upload(posted: FormMultiDict, field: str = "file") -> tuple[str, bytes]:
    """The file's name and content; both empty where no file was chosen."""
    given = posted.get(field)
    if not isinstance(given, UploadFile):
        return "", b""
    return clean(given.filename or "")[:LONGEST_NAME], await given.read()
