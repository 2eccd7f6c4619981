"""Contacts in a list of customers: offered behind the import of the customers, of the same file."""

from guanxi.exchange.models import Import
from guanxi.kernel.actor import system_actor
from guanxi.modules.contacts.models import Contact, ContactChannel, ContactCompany
from guanxi.modules.customers.models import Customer, CustomerChannel
from guanxi.testing.html import read
from guanxi.testing.imports import carry_out, reasons, try_as_proposed, upload
from guanxi.testing.people import browser

SYSTEM = system_actor("tests")
LIST = (
    "客户名称,行业,联系人,职务,联系人手机,电话,地址\n"
    "甲公司,零售,张三,总经理,138 1234 5678,010-62345678,上海路1号\n"
    "乙公司,零售,李四,采购,+86 139-1111-2222,010-62345679,\n"
    "乙公司,零售,王五,技术,13711112222,010-62345679,\n"
    "丙公司,零售,,,,,\n"
)


def import_(window, text):
    """The import of a table into customers, done as it is proposed."""
    imported = upload(window, window.person, "customers", text.encode())
    return carry_out(window, try_as_proposed(window, imported))


def go_on(window, imported, place):
    """The import of the contacts named in a column, done as it is proposed."""
    assert f'name="place" value="{place}"' in result(window, imported)
    address = f"/import/{imported.pk}/also/"
    response = window.post(address, {"object": "contacts", "place": str(place)})
    further = Import.objects.get(pk=int(response["Location"].split("/")[2]))
    return carry_out(window, try_as_proposed(window, further))


def result(window, imported):
    return window.get(f"/import/{imported.pk}/").content.decode()


def by_heading(imported):
    header = imported.profile["header"]
    return {header[int(place)]: key for place, key in imported.mapping.items()}


def contacts():
    """{name: (customer, job, numbers)}."""
    found = {}
    for place in ContactCompany._all.select_related("contact", "customer"):
        numbers = ContactChannel._all.filter(contact=place.contact).values_list("value", flat=True)
        found[place.contact.name] = (place.customer.name, place.job, sorted(numbers))
    return found


def test_contacts_follow_their_customers(window):
    first = import_(window, LIST)
    assert first.counts == {"created": 3, "skipped": 1}
    # What tells of the contact alone is not the customer's; a plain 电话 is of both.
    assert set(by_heading(first)) == {"客户名称", "行业", "电话", "地址"}
    assert set(CustomerChannel._all.values_list("value", flat=True)) == {
        *("010-62345678", "010-62345679")
    }
    # One that was only begun counts for nothing: its trial knew no customers, perhaps.
    begun = upload(window, window.person, "contacts", LIST.encode())
    assert by_heading(begun)["联系人"] == "name"
    second = go_on(window, first, 2)
    assert second.counts == {"created": 3, "skipped": 1}
    assert list(reasons(second)) == [5]
    assert "地址" not in by_heading(second)
    assert contacts() == {
        "张三": ("甲公司", "总经理", ["010-62345678", "138 1234 5678"]),
        "李四": ("乙公司", "采购", ["+86 139-1111-2222", "010-62345679"]),
        "王五": ("乙公司", "技术", ["010-62345679", "13711112222"]),
    }
    # Offered once: now the page leads to that import.
    page = result(window, first)
    assert f"/import/{second.pk}/" in page
    assert f"/import/{first.pk}/also/" not in page
    # Brought once more, nobody is doubled, also who has no number of his own.
    again = upload(window, window.person, "contacts", LIST.encode())
    again = carry_out(window, try_as_proposed(window, again, duplicates="update"))
    assert (again.counts["skipped"], Contact.rows(SYSTEM).count()) == (1, 3)


def test_numbered_contacts_are_offered_one_by_one(window):
    first = import_(
        window,
        "公司名称,联系人1,电话1,联系人2,电话2\n"
        "甲公司,张三,13812345678,李四,13912345678\n乙公司,王五,13712345678,,\n",
    )
    assert by_heading(go_on(window, first, 1)) == {
        "公司名称": "companies.customer",
        "联系人1": "name",
        "电话1": "channels.mobile",
    }
    second = go_on(window, first, 3)
    assert second.counts == {"created": 1, "skipped": 1}
    assert contacts()["李四"] == ("甲公司", "", ["13912345678"])


def test_the_columns_say_what_else_there_is(window):
    imported = upload(window, window.person, "customers", LIST.encode())
    page = read(window.get(f"/import/{imported.pk}/mapping/")).text()
    assert "这张表里还有联系人：联系人、职务、联系人手机、电话。" in page
    assert "属于联系人" in page


def test_only_who_may_import_contacts_is_offered_them(window):
    person = window.company.person(
        "客户员",
        {("customers.customer", verb): "all" for verb in ("view", "create", "edit", "import")}
        | {("terms", "view"): "all", ("contacts.contact", "view"): "all"},
    )
    window = browser(person)
    window.person = person
    first = import_(window, LIST)
    assert by_heading(first)["职务"] == "job"
    assert "also/" not in result(window, first)
    response = window.post(f"/import/{first.pk}/also/", {"object": "contacts", "place": "2"})
    assert response["Location"] == f"/import/{first.pk}/"
    assert not Contact.rows(SYSTEM).exists()
    assert Customer.rows(SYSTEM).count() == 3
