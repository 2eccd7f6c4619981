from django.utils.translation import gettext_lazy as _

from guanxi.kernel.registry import Module
from guanxi.modules.contacts.day_one import make_terms
from guanxi.modules.contacts.home import home
from guanxi.modules.contacts.pages import PAGES, vcard_act
from guanxi.modules.contacts.pasting import propose
from guanxi.modules.contacts.specs import CONTACT, DICTIONARIES

MODULE = Module(
    name="contacts",
    label=_("Contacts"),
    specs=(CONTACT, *DICTIONARIES),
    needs=("customers",),
    day_one=make_terms,
    pages=PAGES,
    record_acts=(vcard_act,),
    home=(home,),
    pasted={"contacts.contact": propose},
)
