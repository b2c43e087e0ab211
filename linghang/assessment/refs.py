"""Where other modules lead to for results of assessment, and which indicators rest on a rule."""

from collections.abc import Iterator, Sequence

from linghang.assessment.models import Scheme
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.bases import Resting, rests
from linghang.kernel.refs import offer_link

offer_link("assessment.view_sheet", "assessment:sheets")
offer_link("assessment.view_published", "assessment:published")


@rests
def indicators_resting(person: Actor, names: Sequence[str]) -> Iterator[Resting]:
    """Items of the schemes in force today, for whoever may read a scheme."""
    for scheme in Scheme.objects.within(person, Scheme.view_verb).on(clock.today()):
        for item in scheme.content.items:
            if any(name in item.basis for name in names):
                yield Resting(f"{item.code} {item.name}", str(scheme), item.basis, scheme.get_absolute_url())
