"""The second step among the stages of the sign-in library."""

# From there, since importing the module they are made in before that package goes in a circle.
from allauth.account.internal.stagekit import LoginStage, LoginStageController
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from guanxi.people.models import Person, User
from guanxi.people.second_factor import PASSED, is_asked
from guanxi.people.security import security
from guanxi.people.signin import person_of_user


class CodeStage(LoginStage):
    """After the password, or another house's word, before anybody is signed in: the second step.

    Its page is `access.code`; every way to sign in that goes by the library leads through here,
    and the middleware ends a session that came by another.
    """

    key = "second_factor"
    urlname = "account_code"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        return (HttpResponseRedirect(reverse(self.urlname)) if self.asks() else None), True

    def asks(self) -> bool:
        person = self._person()
        user = person.user if person is not None else None
        return user is not None and is_asked(user, security(person.book))

    def _person(self) -> Person | None:
        """Who is about to be signed in, if they still may."""
        return person_of_user(self.login.user.pk) if self.login.user else None

    @property
    def user(self) -> User | None:
        person = self._person()
        return person.user if person is not None else None

    def passed(self) -> HttpResponse:
        """Signs in, and on to where the person was going."""
        response = self.exit()
        self.request.session[PASSED] = True
        return response


def waiting_stage(request: HttpRequest) -> CodeStage | None:
    """The sign-in of this browser that waits for its second step; None after a quarter of an
    hour."""
    stage = LoginStageController.enter(request, CodeStage.key)
    return stage if isinstance(stage, CodeStage) else None
