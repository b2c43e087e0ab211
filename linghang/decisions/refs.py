"""Where other modules lead for decisions."""

from linghang.kernel.refs import offer_link

offer_link("decisions.propose", "decisions:propose")
offer_link("decisions.view_register", "decisions:topics")
offer_link("decisions.view_force", "decisions:forces")
