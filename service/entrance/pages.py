"""The pages of the way in."""

from typing import Any

from service.entrance import invited, passkeys, sign_up
from service.entrance.account import account_page, end, link
from service.entrance.keys import our_keys
from service.entrance.log_in import choose_provider, come_back, go_to_provider
from service.entrance.log_out import leave, leave_by_provider
from service.entrance.providers import (
    change,
    close,
    open_,
    proposal_page,
    propose,
    provider_page,
    providers_page,
)
from service.entrance.start import enter, me, start_page

routes: list[Any] = [
    start_page,
    choose_provider,
    go_to_provider,
    come_back,
    leave,
    leave_by_provider,
    our_keys,
    me,
    account_page,
    end,
    link,
    enter,
    *passkeys.routes,
    *invited.routes,
    *sign_up.routes,
    providers_page,
    proposal_page,
    propose,
    provider_page,
    change,
    open_,
    close,
]
