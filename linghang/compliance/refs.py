"""Where other modules lead to when the state of a branch is asked for."""

from linghang.kernel.refs import offer_link

offer_link("compliance.view_checkup", "compliance:checkups")
offer_link("compliance.waive", "compliance:waive")
