"""Where other modules lead for orders and their lines."""

from linghang.kernel.refs import offer_link

offer_link("dispatch.view_order", "dispatch:orders")
offer_link("dispatch.view_line", "dispatch:all_lines")
offer_link("dispatch.draft", "dispatch:draft")
offer_link("dispatch.plan_line", "dispatch:plan_line")
offer_link("dispatch.report", "dispatch:mine")
offer_link("dispatch.view_part", "dispatch:parts")
offer_link("dispatch.draft_document", "dispatch:draft_document")
