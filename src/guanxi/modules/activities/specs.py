from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from guanxi.custom.specs import CUSTOM_FIELD
from guanxi.kernel.kinds import ChoiceKind, TextKind
from guanxi.kernel.spec import (
    AddTab,
    Capability,
    Count,
    CustomLimits,
    Parts,
    Scope,
    Section,
    Spec,
    Tab,
    dictionary,
)
from guanxi.kernel.streams import Stream
from guanxi.modules.activities import models as m
from guanxi.modules.activities.rules import (
    check_communication,
    follow_communication,
    start_communication,
)

WHO_SPOKE = "Who spoke with the customer stays so."

SPOKEN = Stream("held_at", who="owner", what="type", text="text", notes="result next_on next_step")

COMMUNICATION = Spec(
    model=m.Communication,
    title="text",
    scope=Scope.OWNER | Scope.through("customer"),
    path="communications",
    icon="message-circle",
    menu="communications",
    columns="text customer type held_at relation result next_on owner",
    order="-held_at -id",
    search="text",
    filters="text customer type relation held_at owner result topics.topic products.product "
    "intention status next_on contact opportunity plan",
    form=(
        Section(_("Basics"), "customer contact opportunity plan type relation held_at text result"),
        Section(_("Next"), "next_on next_step"),
        Section(_("State of the customer"), "intention status updates_customer", folded=True),
    ),
    parts=(
        Parts(
            "topics",
            m.CommunicationTopic,
            _("hot topics"),
            "topic",
            unique="topic_id",
        ),
        Parts(
            "products",
            m.CommunicationProduct,
            _("products talked about"),
            "product",
            unique="product_id",
            folded=True,
        ),
        Parts("files", m.CommunicationFile, _("attachments"), "file note", folded=True),
    ),
    figures="type held_at next_on",
    state="result",
    bulk_edit="relation result",
    statistics=(
        Count(by="owner"),
        Count(by="type"),
        Count(by="relation"),
        Count(by="held_at", step="month"),
        Count(by="result"),
    ),
    uncopied="plan held_at next_on next_step",
    checks=(check_communication,),
    defaults=start_communication,
    effects=(follow_communication,),
    extends=(
        AddTab(
            "customers.customer", Tab("activities.communication", via="customer", stream=SPOKEN)
        ),
        AddTab("contacts.contact", Tab("activities.communication", via="contact", stream=SPOKEN)),
        AddTab(
            "sales.opportunity", Tab("activities.communication", via="opportunity", stream=SPOKEN)
        ),
        AddTab("activities.plan", Tab("activities.communication", via="plan", stream=SPOKEN)),
    ),
    custom=CustomLimits(
        max_name=16, kinds=("choice", "integer", "decimal", "text"), starts_off=True
    ),
    off={Capability.TRANSFER: WHO_SPOKE, Capability.SHARE: "Share the customer instead."},
)

#: 交流自定义信息: the custom fields of communications under the manual's own words.
INFORMATION = replace(
    CUSTOM_FIELD,
    path="communication-information",
    label=_("communication fields"),
    labels={"name": _("custom title"), "enabled": _("switch")},
    only={"object": COMMUNICATION.key},
    kinds={
        "name": TextKind(max=16),
        "kind": ChoiceKind(
            choices={
                "choice": _("drop-down list"),
                "integer": _("number"),
                "decimal": _("decimal"),
                "text": _("Chinese text"),
            }
        ),
    },
    menu="communications",
    columns="name kind enabled remark",
    filters="name kind enabled",
    form=(Section("", "name kind remark"),),
    figures="kind enabled",
    bulk_edit="remark",
    statistics=(Count(by="kind"),),
)

DICTIONARIES = (
    dictionary(m.CommunicationType, path="communication-types", menu="communications"),
    dictionary(m.RelationType, path="relation-types", menu="communications"),
    dictionary(m.HotTopic, path="hot-topics", menu="communications"),
    dictionary(m.CommunicationResult, path="communication-results", menu="communications"),
)
