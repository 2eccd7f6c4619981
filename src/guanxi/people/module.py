from django.utils.translation import gettext_lazy as _

from guanxi.kernel.registry import Module
from guanxi.people.accounts import end_access_of_void
from guanxi.people.day_one import make_roles
from guanxi.people.holidays import make_holidays
from guanxi.people.organisation import forget_organisation, make_stamp, note_organisation
from guanxi.people.specs import DEPARTMENT, HOLIDAY, PERSON, ROLE, TREE
from guanxi.people.tokens import forget_tokens
from guanxi.people.trees import make_trees


def day_one() -> None:
    make_roles()
    make_trees()
    make_holidays()


MODULE = Module(
    name="people",
    label=_("Organisation"),
    specs=(DEPARTMENT, PERSON, ROLE, TREE, HOLIDAY),
    day_one=day_one,
    writers=(note_organisation, end_access_of_void),
    removers=(forget_organisation, forget_tokens),
    after_migrate=(make_stamp,),
)
