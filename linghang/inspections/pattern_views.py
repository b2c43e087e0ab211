"""One plain page for the Party office: what comes again, and what was seen otherwise than the branch said."""

from django.http import HttpResponse

from linghang.inspections.patterns import patterns as found_patterns
from linghang.inspections.sections import sections
from linghang.kernel import clock
from linghang.kernel.parameters import value
from linghang.ui.requests import HouseRequest
from linghang.ui.shortcuts import needs, page


@needs("inspections.view_patterns")
def patterns(request: HouseRequest) -> HttpResponse:
    """By checklist item: where within a year, where more than once, where the branch had said 符合."""
    context = {
        "patterns": found_patterns(request.person, clock.today()),
        "months": value("inspections.repeat_months"),
        "sections": sections(request, "patterns"),
        "many": value("inspections.many_branches"),
    }
    return page(request, "inspections/patterns.html", context)
