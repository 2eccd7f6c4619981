import pytest

from lint import doors

PLACE = "src/guanxi/pages/view.py"


@pytest.mark.parametrize(
    "line",
    [
        "Customer._all.filter()",
        "Customer._default_manager.get(pk=1)",
        "customer._meta.model._base_manager",
        "Customer.objects.all()",
        "get_object_or_404(Customer, pk=1)",
        "from django.db.models.signals import post_save",
        "from django.db.models import signals",
        "import django.dispatch",
        "from allauth.account.signals import user_logged_in",
    ],
)
def test_ways_around_the_door_are_found(said, line):
    found = said(doors.check, {PLACE: f"x = 1\n{line}\n"})
    assert [(path, number) for path, number, _ in found] == [(PLACE, 2)]


@pytest.mark.parametrize("place", ["src/guanxi/kernel/x.py", "src/guanxi/people/migrations/1.py"])
def test_the_kernel_and_migrations_may(said, place):
    assert said(doors.check, {place: "Customer._all.filter()\nCustomer.objects.all()\n"}) == []


def test_what_reach_is_computed_from_may_be_read_without_it(said):
    assert said(doors.check, {doors.REACH[0]: "Role._all.filter()\n"}) == []


def test_plain_tables_are_read_by_their_own_package_only(said):
    files = {
        "src/guanxi/people/models.py": "class User(AbstractUser): pass\n",
        "src/guanxi/people/signin.py": "User.objects.get(pk=1)\n",
        PLACE: "User.objects.get(pk=1)\n",
    }
    assert said(doors.check, files) == [(PLACE, 1, "User.objects goes past the scope")]


def test_one_file_listens_to_the_sign_in_library(said):
    line = "from allauth.account.signals import user_logged_in\n"
    assert said(doors.check, {doors.LISTENER: line}) == []
