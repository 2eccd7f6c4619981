"""The roles a new installation begins with, by what their holders may and may not do."""

import pytest

from guanxi.kernel.change import change
from guanxi.people.models import Person, PersonRole, Role
from guanxi.testing.people import SYSTEM, Company, actor, browser

pytestmark = pytest.mark.django_db
CUSTOMER, PRODUCT, STATUS = "customers.customer", "catalog.product", "customers.customerstatus"


def holder(code):
    """Somebody with just this role."""
    company = Company()
    person = company.person(code, {})
    with change(SYSTEM, Person.rows(SYSTEM).get(pk=person.pk)) as edit:
        edit.set_parts("roles", [PersonRole(role=Role.rows(SYSTEM).get(code=code))])
    return person


@pytest.mark.parametrize(
    ("code", "may", "may_not"),
    [
        ("administrator", f"people.role:edit {CUSTOMER}:delete {STATUS}:edit", ""),
        ("book_supervisor", f"people.role:edit {CUSTOMER}:delete", ""),
        ("owner", f"{CUSTOMER}:view people.role:view", f"{CUSTOMER}:edit {STATUS}:edit"),
        ("sales_director", f"{CUSTOMER}:export", f"{STATUS}:edit people.role:view"),
        ("sales", f"{CUSTOMER}:create", f"{CUSTOMER}:export {CUSTOMER}:import people.role:view"),
        ("sales_assistant", f"{CUSTOMER}:edit", f"{CUSTOMER}:export {CUSTOMER}:delete"),
        ("finance", f"{CUSTOMER}:view", f"{CUSTOMER}:edit {CUSTOMER}:create"),
        (
            "product_manager",
            f"{PRODUCT}:create catalog.unit:edit catalog.productcategory:edit",
            f"{STATUS}:edit sales.pipeline:edit custom.customfield:create {CUSTOMER}:view",
        ),
        ("customer_specialist", f"{CUSTOMER}:edit", f"{STATUS}:edit people.role:view"),
        ("customer_steward", f"{CUSTOMER}:merge {STATUS}:edit", "people.role:view"),
        ("security", "people.role:edit", f"{CUSTOMER}:view"),
        ("auditor", f"{CUSTOMER}:view people.role:view", f"{CUSTOMER}:export"),
    ],
)
def test_a_role_grants_what_its_name_says(code, may, may_not):
    held = actor(holder(code))
    granted = {one for one in f"{may} {may_not}".split() if held.may(*one.split(":"))}
    assert granted == set(may.split())


@pytest.mark.parametrize("code", ["sales", "sales_manager", "customer_specialist"])
def test_who_works_with_customers_opens_no_administration(code):
    client = browser(holder(code))
    role = Role.rows(SYSTEM).get(code="administrator")
    for address in ("roles/", f"roles/{role.pk}/", f"roles/{role.pk}/rights/", "security/",
                    "security/sign-ins/", "notices/mail/", "backup/", "setup/"):  # fmt: skip
        assert client.get(f"/{address}").status_code == 404, address
    assert client.get("/persons/").status_code == 200
    assert client.get("/organisation/").status_code == 200
