"""Who a person is: the OpenID Connect relying party and the sessions it opens."""
