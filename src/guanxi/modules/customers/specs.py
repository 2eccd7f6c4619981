from django.utils.translation import gettext_lazy as _

from guanxi.kernel import addresses, channels
from guanxi.kernel.spec import (
    Count,
    Number,
    Parts,
    Quick,
    Same,
    Scope,
    Section,
    Spec,
    Sum,
    dictionary,
)
from guanxi.modules.customers import models as m
from guanxi.modules.customers.rules import (
    check_credit_grade,
    check_parent,
    keep_day_by_hand,
    start_customer,
)

CUSTOMER = Spec(
    model=m.Customer,
    scope=Scope.OWNER,
    path="customers",
    icon="building",
    menu="customers",
    columns="name level status intention industry channels.value owner "
    "last_contact_on deal_status updated_at",
    search="name number credit_code works_at",
    phones="channels.value",
    filters="name status level owner source industry intention main_class tags nature created_at "
    "deal_status credit_grade updated_at channels.value addresses.region last_contact_on "
    "next_contact_on headcount revenue parent",
    form=(
        Section(_("Basics"), "name nature main_class status level intention source industry"),
        Section(_("Individual"), "salutation works_at job", folded=True),
        Section(
            _("Company"),
            "size ownership headcount revenue founded parent website introduction",
            folded=True,
        ),
        Section(
            _("Registration"),
            "credit_code legal_person registered_capital founded_on business_state",
            folded=True,
        ),
        Section(
            _("Credit and invoicing"),
            "credit_grade invoice_title tax_number bank bank_account registered_address registered_phone",
            folded=True,
        ),
        Section(_("More"), "number owner acquirer photo tags next_contact_on remark", folded=True),
    ),
    parts=(
        Parts(
            "channels",
            m.CustomerChannel,
            _("channels"),
            channels.FIELDS,
            main="is_main",
            main_per="kind",
        ),
        Parts(
            "addresses",
            m.CustomerAddress,
            _("addresses"),
            addresses.FIELDS,
            main="is_main",
            main_per="kind",
            folded=True,
            cards=True,
        ),
        Parts(
            "classings",
            m.CustomerClassing,
            _("further classes"),
            "kind",
            unique="kind_id",
            folded=True,
        ),
    ),
    figures="level deal_status owner last_contact_on",
    derived="deal_status last_contact_on next_contact_on next_by_hand",
    state="status",
    void_reasons="customers.invalidreason",
    duplicates=(
        Same("name", core=True),
        Same("credit_code"),
        Same("channels.e164"),
    ),
    bulk_edit="status level credit_grade intention source industry main_class next_contact_on",
    number=Number("number", "KH-{n:5}"),
    import_key="number credit_code name",
    statistics=(
        Count(by="owner"),
        Count(by="status"),
        Count(by="deal_status"),
        Count(by="industry"),
        Count(by="addresses.region"),
        Count(by="created_at", step="month"),
        Sum("revenue", by="industry"),
    ),
    quick=(
        Quick(_("To follow up today"), ["next_contact_on", "due_within_days", 0]),
        Quick(_("Overdue"), ["next_contact_on", "older_than_days", 0]),
        Quick(_("Not followed up"), ["last_contact_on", "empty"]),
        Quick(_("Not contacted for 7 days"), ["last_contact_on", "not_for_days", 7]),
    ),
    checks=(check_parent,),
    defaults=start_customer,
    effects=(keep_day_by_hand,),
)

DICTIONARIES = (
    dictionary(m.CustomerSource, path="customer-sources", tree="parent", menu="customers"),
    dictionary(m.CustomerClass, path="customer-classes", tree="parent"),
    dictionary(m.CustomerStatus, path="customer-statuses", menu="customers"),
    dictionary(m.CustomerIntention, path="customer-intentions", menu="customers"),
    dictionary(m.CustomerLevel, path="customer-levels"),
    dictionary(
        m.CreditGrade,
        path="credit-grades",
        columns="name payment days remark",
        filters="name payment days",
        form=(
            Section("", "name payment days remark"),
            Section(_("More"), "code name_en colour is_default", folded=True),
        ),
        together="payment days",
        checks=(check_credit_grade,),
    ),
    dictionary(m.Industry, path="industries", tree="parent"),
    dictionary(m.CompanySize, path="company-sizes"),
    dictionary(m.Ownership, path="ownerships"),
    dictionary(m.InvalidReason, path="invalid-reasons"),
)
