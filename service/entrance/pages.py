"""The pages of the way in."""

from typing import Any

from service.entrance import invited, passkeys, sign_up
from service.entrance.log_in import choose_provider, come_back, go_to_provider
from service.entrance.log_out import leave, leave_by_provider
from service.entrance.start import enter, me, start_page

routes: list[Any] = [
    start_page,
    choose_provider,
    go_to_provider,
    come_back,
    leave,
    leave_by_provider,
    me,
    enter,
    *passkeys.routes,
    *invited.routes,
    *sign_up.routes,
]
