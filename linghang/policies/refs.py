"""Where other modules lead for rules."""

from linghang.kernel.refs import offer_link

offer_link("policies.view_policy", "policies:policies")
