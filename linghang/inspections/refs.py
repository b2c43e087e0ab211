"""Where other modules lead for inspections."""

from linghang.kernel.refs import offer_link

offer_link("inspections.open_round", "inspections:round_new")
offer_link("inspections.view_check", "inspections:checks")
offer_link("inspections.view_standards", "inspections:standards")
offer_link("inspections.view_finding", "inspections:findings")
