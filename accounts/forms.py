"""The forms for joining, settings and erasure, and allauth's forms with netcrm's wording."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.core import context as current
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter as get_second_factor_adapter
from allauth.mfa.base import forms as second_factor_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as key_forms
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from accounts.events import note_failure
from accounts.mail.mailbox import is_open
from accounts.members import allow_password_again
from accounts.models import User, default_time_zone
from accounts.signing_in.attempts import Try, given_back, take
from accounts.signing_in.limits import CODE_USED, code_tries, confirmation_tries, mail_tries

LONGEST_TEXT = 1_000
"""Maximum number of characters in a password, and in any text without a limit of its own."""
LONGEST_CREDENTIAL = 20_000
"""Maximum number of characters in the response of a security key."""

PASSWORD_HELP = _("At least ten characters. A few words in a row are easy to keep in mind.")


LANDS_AND_SEAS = [
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
]
"""First parts of the names of time zones on offer. Names that begin with a country are old aliases."""

LANGUAGES = [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]


def time_zones() -> list[tuple[str, str]]:
    """Return the time zones to choose from, as (name, label): those named after a place, and UTC."""
    names = sorted(name for name in zoneinfo.available_timezones() if name.partition("/")[0] in LANDS_AND_SEAS)
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class NewMemberFields(forms.Form):
    """Fields for every new member, besides address and password. A script preselects the browser's time zone."""

    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, initial=get_language)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        initial=default_time_zone,
        widget=forms.Select({"data-guess-time-zone": True}),
    )


class JoinForm(NewMemberFields):
    """The form for the set-up link and for invitations; with `invited`, the address is fixed."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("You will sign in with it."),
        widget=forms.EmailInput({"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=PASSWORD_HELP,
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    field_order = ["email", "name", "password", "language", "time_zone"]

    def __init__(self, *args: Any, invited: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if invited:
            self.fields["email"].disabled = True
            self.initial["email"] = invited

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "password" in data:
            try:
                validate_password(data["password"], User(email=data.get("email", ""), name=data.get("name", "")))
            except ValidationError as problem:
                self.add_error("password", problem)
        return data


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput({"autocomplete": "off"}))


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]
    """The member's name, language, time zone and appearance."""

    language = forms.ChoiceField(
        label=_("Language"), choices=LANGUAGES, widget=forms.RadioSelect({"class": "segmented"})
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)

    class Meta:
        model = User
        fields = ["name", "language", "time_zone", "appearance"]
        widgets = {
            "name": forms.TextInput({"autocomplete": "name"}),
            "appearance": forms.RadioSelect({"class": "segmented"}),
        }


class EraseForm(forms.Form):
    """Asks for the member's address, so that nobody erases an account by accident, and for the password, if any."""

    email = forms.EmailField(label=_("Your e-mail address"), widget=forms.EmailInput({"autocomplete": "off"}))
    password = forms.CharField(
        label=_("Password"),
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, member: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        if not member.has_usable_password():
            del self.fields["password"]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email.lower() != self.member.email:
            raise ValidationError(_("This is not your address."))
        return email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.member, password):
            raise get_adapter().validation_error("incorrect_password")
        return password


class InOurWords:
    """Gives a form of allauth netcrm's labels and help texts, limits its text lengths, and removes its placeholders."""

    labels = {
        "login": _("E-mail address"),
        "email": _("E-mail address"),
        "password": _("Password"),
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password, once more"),
        "code": _("Code"),
        "name": _("Name"),
        "passwordless": _("Sign in with this key alone, without a password"),
    }
    helps = {"password1": PASSWORD_HELP, "passwordless": _("The key then asks for its PIN or your fingerprint.")}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            if isinstance(field, forms.CharField) and not isinstance(field, CredentialField) and not field.max_length:
                field.max_length = LONGEST_TEXT
                field.validators.append(MaxLengthValidator(LONGEST_TEXT))
            field.help_text = self.helps.get(name, field.help_text)


class AsksForMail(forms.Form):
    """A form with which anyone can have a mail sent to an address, within limits. `purpose` names the kind of mail."""

    purpose: str

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not take(*mail_tries(current.request, self.purpose, data["email"])):
            raise ValidationError(
                _(
                    "Several mails have been asked for already. Look into your mailbox, or wait half an hour; after "
                    "more than ten in a day, until tomorrow."
                ),
                code="too_many_mails",
            )
        return data


class SendsMail:
    """Lets a form's page say whether the mail reaches its recipient or stays in the instance's data folder."""

    @property
    def sends_mail(self) -> bool:
        """Whether there is a mail server."""
        return not is_open()


class SignInLinkForm(AsksForMail):
    purpose = "link"
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput({"autocomplete": "username"}))


class LoginForm(InOurWords, SendsMail, account_forms.LoginForm):  # type: ignore[misc]
    @property
    def is_refused(self) -> bool:
        """Whether there were too many tries; the page then shows the other ways to sign in."""
        return bool(self.has_error(NON_FIELD_ERRORS, "too_many_login_attempts"))


class SignUpForm(InOurWords, AsksForMail, NewMemberFields, account_forms.SignupForm):  # type: ignore[misc]
    """The sign-up form of an instance that is open to strangers."""

    purpose = "confirm"
    labels = {**InOurWords.labels, "name": _("Your name"), "password1": _("Password")}
    field_order = ["email", "name", "password1", "language", "time_zone"]

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Create the member, or just write to the address if it is taken, with the same response and amount of work."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        outcome: tuple[User | None, HttpResponse | None] = super().try_save(request)
        return outcome

    def signup(self, request: HttpRequest, user: User) -> None:
        """Store the fields that allauth doesn't know."""
        user.name = self.cleaned_data["name"]
        user.language = self.cleaned_data["language"]
        user.time_zone = self.cleaned_data["time_zone"]
        user.save(update_fields=["name", "language", "time_zone"])


class ChangeEmailForm(InOurWords, SendsMail, account_forms.AddEmailForm):  # type: ignore[misc]
    labels = {"email": _("New e-mail address")}


class ReauthenticateForm(InOurWords, account_forms.ReauthenticateForm):  # type: ignore[misc]
    pass


class ChangePasswordForm(InOurWords, account_forms.ChangePasswordForm):  # type: ignore[misc]
    def clean_oldpassword(self) -> str:
        """Check the current password with the limit that applies wherever a signed-in member is asked for it."""
        password: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class SetPasswordForm(InOurWords, account_forms.SetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(InOurWords, AsksForMail, SendsMail, account_forms.ResetPasswordForm):  # type: ignore[misc]
    purpose = "reset"


class ResetPasswordKeyForm(InOurWords, account_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    def save(self) -> None:
        """Set the password and reset the count of failed tries with the old one."""
        super().save()
        allow_password_again(self.user)


class CodeOnce(InOurWords, forms.Form):
    """Limits how often codes may be tried, and accepts each code of an authenticator app once."""

    user: User
    authenticator: Authenticator

    @property
    def is_refused(self) -> bool:
        """Whether there were too many tries."""
        return bool(self.has_error("code", "too_many_login_attempts"))

    def tries(self) -> list[Try]:
        """Return the limits for trying a code."""
        raise NotImplementedError

    def clean_code(self) -> str:
        tries = self.tries()
        if not take(*tries):
            note_failure("second factor refused", self.user)
            raise get_adapter().validation_error("too_many_login_attempts")
        with given_back(*tries):
            code: str = super().clean_code()  # type: ignore[misc]  # Defined by the form that this is mixed into.
            is_totp = self.authenticator.type == Authenticator.Type.TOTP
            if is_totp and not take(code_use(self.user, code)):
                note_failure("second factor used again", self.user)
                raise get_second_factor_adapter().validation_error("incorrect_code")
        return code


class SecondFactorForm(CodeOnce, second_factor_forms.AuthenticateForm):  # type: ignore[misc]
    def tries(self) -> list[Try]:
        methods = current.request.session.get(AUTHENTICATION_METHODS_SESSION_KEY) or [{}]
        return code_tries(current.request, self.user, methods[-1].get("method", ""))


class SecondFactorAgainForm(CodeOnce, second_factor_forms.ReauthenticateForm):  # type: ignore[misc]
    def tries(self) -> list[Try]:
        return confirmation_tries(current.request)


class ActivateAppForm(InOurWords, ActivateTOTPForm):  # type: ignore[misc]
    def clean_code(self) -> str:
        """Check the code that proves that the app is set up, and use it up: no code is accepted twice."""
        code: str = super().clean_code()
        if not take(code_use(self.user, code)):
            raise get_second_factor_adapter().validation_error("incorrect_code")
        return code


def code_use(member: User, code: str) -> Try:
    """Return the limit and subject that make a code of the member's app usable once."""
    return CODE_USED, f"{member.pk} {normalize_user_code(code)}"


class CredentialField(forms.JSONField):
    """A security key's response. Numbers too long or lists too deep to parse make it invalid, not a server error."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > LONGEST_CREDENTIAL:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as problem:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from problem

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return "" instead of the submitted response: it answers one challenge only, so a refused one is useless."""
        return ""


@contextmanager
def _readable_response() -> Iterator[None]:
    """Raise ValidationError for a response with malformed parts, on which the parsers raise all kinds of errors."""
    try:
        yield
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as problem:
        raise get_second_factor_adapter().validation_error("incorrect_code") from problem


class AnswersByKey(forms.Form):
    """Identifies a security key by its response."""

    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        with _readable_response():
            answer: Authenticator = super().clean_credential()  # type: ignore[misc]  # Of the form it is mixed into.
        return answer


class AddKeyForm(InOurWords, key_forms.AddWebAuthnForm):  # type: ignore[misc]
    credential = CredentialField()

    def clean(self) -> dict[str, Any]:
        with _readable_response():
            data: dict[str, Any] = super().clean()
        return data


class SignInByKeyForm(AnswersByKey, key_forms.LoginWebAuthnForm):  # type: ignore[misc]
    pass


class KeyAsSecondFactorForm(AnswersByKey, key_forms.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class KeyAgainForm(AnswersByKey, key_forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class RenameKeyForm(InOurWords, key_forms.EditWebAuthnForm):  # type: ignore[misc]
    pass
