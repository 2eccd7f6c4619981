"""Why something could not be sent, as codes that are kept and sentences that are read."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

WHY = {
    "no_server": _("Not sent: no mail server has been set."),
    "no_address": _("Not sent: this person has no e-mail address."),
    "bad_address": _("The server does not accept this address."),
    "sign_in": _("The server refuses the user name or the password."),
    "unknown_host": _("This server can't be found; is its name right?"),
    "unreachable": _("The server does not answer; are name, port and firewall right?"),
    "certificate": _("The certificate of the server can't be trusted."),
    "security": _("The server does not speak this kind of TLS at this port."),
    "sender": _("The server does not accept the sender's address."),
    "refused": _("The server refused the message."),
    "private": _("This address leads into a private network; that is not allowed here."),
    "not_https": _("The address must begin with https://."),
    "redirect": _("The address leads elsewhere; use the one the group's settings show."),
    "signature": _(
        "The robot refuses the signature or the key word; compare its security settings."
    ),
    "unknown_robot": _("The robot is not known any more; make a new address in the group."),
    "too_fast": _("Too many messages in a minute; it goes on by itself."),
    "sealed": _("The password was sealed with another key; enter it again."),
    "robot_gone": _("The robot has been deleted or switched off."),
}


@dataclass
class NotSent(Exception):
    """`code` is one of WHY; `again`: worth another attempt; `detail`: what the other side said."""

    code: str
    again: bool = False
    detail: str = ""

    @property
    def sentence(self) -> str:
        said = str(WHY[self.code])
        return f"{said} ({self.detail})" if self.detail else said
