"""Why a sign-in with another house did not work: codes that are kept, sentences that are read.

Each says what to do next, to whoever wanted to sign in. What only an administrator can set right
is said so; the detail in brackets is for them.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

ASK = _("Please tell your administrator.")

WHY = {
    "unreachable": _("The other side does not answer. Try again later, or use your password."),
    "timed_out": _("The other side took too long. Try again later, or use your password."),
    "unknown_host": _("The other side can't be found: its address in the settings is wrong."),
    "certificate": _("The certificate of the other side can't be trusted."),
    "not_https": _("The other side's address has to begin with https://."),
    "private": _("The other side's address leads into a private network."),
    "redirect": _("The other side's address leads elsewhere; it has to be the final one."),
    "too_fast": _("The other side has had too many requests. Try again in a minute."),
    "refused": _("The other side answered something that can't be understood."),
    "sealed": _("The secret was sealed with another key; it has to be entered again."),
    "state": _(
        "This sign-in was begun in another window or too long ago, or it has been used already."
        " Begin again."
    ),
    "denied": _("You did not allow the sign-in over there."),
    "code": _("The sign-in took too long or was used already. Begin again."),
    "secret": _("The other side does not accept the id or the secret of the settings."),
    "server_place": _("The other side does not accept requests from this server's IP address."),
    "way_back": _("The address to come back to is not entered over there."),
    "permission": _("The app over there lacks a permission it needs."),
    "stranger": _("This account does not belong to your company over there."),
    "signature": _("What the other side sent is not signed by it. Nobody has been signed in."),
    "issuer": _("What came back is from somebody else. Nobody has been signed in."),
    "audience": _("What the other side sent is for another program. Nobody has been signed in."),
    "nonce": _("What the other side sent belongs to another sign-in. Nobody has been signed in."),
    "expired": _("What the other side sent is no longer valid; do the clocks agree?"),
    "token": _("What the other side sent is incomplete. Nobody has been signed in."),
    "discovery": _("There is no OpenID Connect at this address."),
    "unknown": _(
        "Nobody here has connected this account yet. Sign in with your password and connect it in"
        " your profile, or ask your administrator."
    ),
    "closed": _("You can't sign in here at present. Please ask your administrator."),
    "off": _("This way to sign in has been switched off."),
    "taken": _("This account is connected with another person already."),
    "has_one": _("You have connected an account of this kind already; disconnect it first."),
    "busy": _("Too many attempts. Try again in five minutes."),
}

#: What the person can do nothing about.
SETTINGS = frozenset(
    {
        *("unknown_host", "certificate", "not_https", "private", "redirect", "refused", "sealed"),
        *("secret", "server_place", "way_back", "permission", "signature", "issuer", "audience"),
        *("expired", "token", "discovery"),
    }
)


@dataclass
class Failed(Exception):
    """`code` is one of WHY; `detail`: what the other side said, such as "40029 invalid code";
    `account`: the name over there, as far as it is known."""

    code: str
    detail: str = ""
    account: str = ""

    @property
    def sentence(self) -> str:
        said = str(WHY[self.code])
        if self.code in SETTINGS:
            said = f"{said} {ASK}"
        return f"{said} ({self.detail})" if self.detail else said

    @property
    def short(self) -> str:
        """For administrators, who need not be told to ask one."""
        said = str(WHY[self.code])
        return f"{said} ({self.detail})" if self.detail else said
