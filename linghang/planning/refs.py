"""Where other modules lead for plans and the deployment.

`planning.submit` takes `text`, `reason`, `due_on`, `scope`, `units`, and `about`: the reference of what gave rise to it.
"""

from linghang.kernel.refs import offer_link

offer_link("planning.submit", "planning:submit")
offer_link("planning.call", "planning:months")
offer_link("planning.view_plan", "planning:plans")
offer_link("planning.view_pledge", "planning:pledges")
