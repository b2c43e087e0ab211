"""Where other modules lead to when a meeting is to be recorded, planned or looked up."""

from linghang.kernel.refs import offer_link

offer_link("activities.record", "activities:record")
offer_link("activities.plan", "activities:plan")
offer_link("activities.view_meeting", "activities:meetings")
offer_link("activities.begin_election", "activities:begin_election")
offer_link("activities.view_election", "activities:elections")
