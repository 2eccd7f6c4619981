from django.utils.translation import gettext_lazy as _

from guanxi.kernel.registry import Module
from guanxi.people.signin import on_password
from guanxi.signon.accounts import forget_accounts, refuses_password

on_password(refuses_password)

MODULE = Module(
    name="signon",
    label=_("Third-party sign-in"),
    removers=(forget_accounts,),
)
