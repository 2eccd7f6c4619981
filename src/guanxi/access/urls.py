from django.urls import path

from guanxi.access import (
    account,
    explaining,
    fields,
    hierarchies,
    organisation,
    profile,
    rights,
    security,
    tokens,
    viewing,
)
from guanxi.ui import paths

urlpatterns = [
    path("profile/", profile.profile_page),
    path("profile/language/", profile.language_switch),
    path("profile/theme/", profile.theme_switch),
    path("profile/tokens/", tokens.tokens_page),
    path("profile/tokens/<int:token_id>/revoke/", tokens.revoke_page),
    path("organisation/", organisation.organisation_page),
    path("organisation/departments/<int:record_id>/", organisation.department_place_page),
    path("organisation/persons/<int:record_id>/", organisation.person_place_page),
    path("organisation/hierarchies/<int:tree_id>/persons/", hierarchies.person_page),
    path("organisation/hierarchies/<int:tree_id>/departments/", hierarchies.department_page),
    path("persons/<int:record_id>/account/", account.account_page),
    path("persons/<int:record_id>/view-as/", viewing.begin_page),
    path("viewing/", viewing.log_page),
    path("viewing/end/", viewing.end_page),
    path("security/", security.security_page),
    path("persons/<int:record_id>/reaches/", explaining.person_access_page),
    path(f"<{paths.OBJECT}:spec>/<int:record_id>/access/", explaining.record_access_page),
    path("roles/<int:record_id>/rights/", rights.rights_page),
    path("roles/<int:record_id>/rights/fields/", fields.fields_page),
]
