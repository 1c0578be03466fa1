"""The posted form, read once; what cannot be read is the sender's fault and never ours."""

from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict
from litestar.exceptions import ClientException, HTTPException
from litestar.status_codes import HTTP_415_UNSUPPORTED_MEDIA_TYPE

READ = frozenset({"", "application/x-www-form-urlencoded", "multipart/form-data"})


class FormRequest(Request[Any, Any, Any]):
    """The request of every handler and middleware."""

    async def form(self) -> FormMultiDict:
        """The fields, or 415 for what is no form and 400 for one that breaks off or is no text."""
        if self.content_type[0] not in READ:
            raise HTTPException(status_code=HTTP_415_UNSUPPORTED_MEDIA_TYPE)
        try:
            return await super().form()
        except (UnicodeError, LookupError) as error:
            # A part may name any encoding, and then hold what is not text in it.
            raise ClientException("The form cannot be read.") from error
