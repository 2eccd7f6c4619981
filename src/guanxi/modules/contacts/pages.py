"""The contact as a file for a phone's address book."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from guanxi.kernel.actor import Actor
from guanxi.kernel.acts import get_record
from guanxi.kernel.errors import Missing
from guanxi.kernel.present import address
from guanxi.kernel.spec import Spec
from guanxi.kernel.titles import title_for
from guanxi.modules.contacts.specs import CONTACT
from guanxi.modules.contacts.vcard import VERSIONS, vcard
from guanxi.ui.web import BY_OBJECT, page


@page(BY_OBJECT)
def vcard_page(request: HttpRequest, record_id: int) -> HttpResponse:
    """The card as a .vcf file; `version` is 3.0, which every phone reads, or 4.0."""
    actor = request.actor  # type: ignore[attr-defined]
    contact = get_record(actor, CONTACT, record_id)
    version = request.GET.get("version", VERSIONS[0])
    if version not in VERSIONS:
        raise Missing
    response = HttpResponse(
        vcard(actor, contact, version), content_type="text/vcard; charset=utf-8"
    )
    name = f"{title_for(actor, contact)}.vcf"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def vcard_act(actor: Actor, spec: Spec, record: Any) -> dict[str, Any] | None:
    """The entry in the menu of a contact's page."""
    if spec is not CONTACT:
        return None
    url = f"{address(spec, record.pk)}vcard/"
    return {"label": _("Save as a vCard"), "icon": "id", "url": url}


PAGES = (path("contacts/<int:record_id>/vcard/", vcard_page),)
