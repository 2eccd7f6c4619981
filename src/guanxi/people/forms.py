"""The forms of the sign-in library, as the fields of our pages."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, SetPasswordForm
from django import forms
from django.utils.translation import gettext_lazy as _

SAME = _("Choose a password other than the present one.")


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["login"].label = _("User name, mobile or e-mail")
        self.fields["password"].label = _("Password")
        self.fields["login"].widget.attrs["autofocus"] = True

    @property
    def controls(self) -> list[dict[str, Any]]:
        return controls_of(self)


class NewPasswordForm(ChangePasswordForm):
    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["oldpassword"].label = _("Current password")
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password again")
        self.fields["oldpassword"].widget.attrs["autofocus"] = True

    def clean_password1(self) -> str:
        chosen = self.cleaned_data["password1"]
        if self.user.check_password(chosen):
            raise forms.ValidationError(SAME)
        return chosen

    @property
    def controls(self) -> list[dict[str, Any]]:
        return controls_of(self)


class FirstPasswordForm(SetPasswordForm):
    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password again")

    @property
    def controls(self) -> list[dict[str, Any]]:
        return controls_of(self)


def controls_of(form: forms.Form) -> list[dict[str, Any]]:
    """The visible fields as the mappings `ui/_field.html` shows; passwords never come back."""
    return [
        {
            "name": bound.html_name,
            "label": bound.label,
            "widget": "password" if is_secret(bound) else "text",
            "value": "" if is_secret(bound) else bound.value() or "",
            "required": bound.field.required,
            "error": " ".join(bound.errors),
            "autocomplete": bound.field.widget.attrs.get("autocomplete", ""),
            "autofocus": bool(bound.field.widget.attrs.get("autofocus")),
        }
        for bound in form
        if bound.name != "remember"
    ]


def is_secret(bound: forms.BoundField) -> bool:
    return isinstance(bound.field.widget, forms.PasswordInput)
