"""Where other modules lead for the deployment."""

from linghang.kernel.refs import offer_link

offer_link("planning.submit", "planning:submit")
offer_link("planning.call", "planning:months")
