from django.utils.translation import gettext_lazy as _

from guanxi.kernel import addresses, channels
from guanxi.kernel.spec import (
    AddTab,
    Count,
    Parts,
    Same,
    Scope,
    Section,
    Spec,
    Tab,
    dictionary,
)
from guanxi.modules.contacts import models as m

CONTACT = Spec(
    model=m.Contact,
    scope=Scope.OWNER | Scope.through("companies.customer"),
    path="contacts",
    icon="address-book",
    menu="customers",
    columns="name companies.customer companies.job companies.role channels.value birthday owner "
    "updated_at",
    search="name channels.value",
    phones="channels.value",
    filters="name companies.customer companies.role companies.attitude owner birthday "
    "channels.value companies.job companies.has_left addresses.region gender tags id_number "
    "created_at updated_at",
    form=(
        Section(_("Basics"), "name salutation gender birthday"),
        Section(_("More"), "id_number owner photo tags remark", folded=True),
    ),
    parts=(
        Parts(
            "companies",
            m.ContactCompany,
            _("companies"),
            "customer job department role attitude has_left is_main",
            main="is_main",
            unique="customer_id",
            cards=True,
        ),
        Parts(
            "channels",
            m.ContactChannel,
            _("channels"),
            channels.FIELDS,
            main="is_main",
            main_per="kind",
        ),
        Parts(
            "addresses",
            m.ContactAddress,
            _("addresses"),
            addresses.FIELDS,
            main="is_main",
            main_per="kind",
            folded=True,
            cards=True,
        ),
    ),
    figures="companies.job channels.value birthday",
    duplicates=(Same("channels.e164", mobile=True), Same("name companies.customer")),
    bulk_edit="salutation gender",
    statistics=(
        Count(by="owner"),
        Count(by="gender"),
        Count(by="created_at", step="month"),
    ),
    extends=(AddTab("customers.customer", Tab("contacts.contact", via="companies.customer")),),
)

DICTIONARIES = (
    dictionary(m.BuyingRole, path="buying-roles"),
    dictionary(m.Attitude, path="attitudes"),
    dictionary(m.Salutation, path="salutations"),
)
