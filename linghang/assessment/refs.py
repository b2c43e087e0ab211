"""Where other modules lead to for results of assessment."""

from linghang.kernel.refs import offer_link

offer_link("assessment.view_sheet", "assessment:sheets")
offer_link("assessment.view_published", "assessment:published")
