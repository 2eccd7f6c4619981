from django.utils.translation import gettext_lazy as _

from guanxi.kernel.spec import Capability, Parts, Scope, Section, Spec, dictionary
from guanxi.people.checks import (
    check_administrator_stays,
    check_department_is_empty,
    check_department_loop,
    check_grants,
    check_place_loops,
    check_reached_once,
    check_roles_given,
    check_standing_loops,
    check_superior_loop,
)
from guanxi.people.models import (
    Department,
    FieldRule,
    Grant,
    Holiday,
    Person,
    PersonRole,
    Role,
    Standing,
    Tree,
    UnitPlace,
)

DEPARTMENT = Spec(
    model=Department,
    scope=Scope.EVERYONE,
    path="departments",
    icon="sitemap",
    menu="organisation",
    columns="name parent head tree code remark",
    order="position id",
    search="name",
    filters="name parent head tree",
    form=(Section("", "name parent head tree code remark"),),
    parts=(
        Parts(
            "places",
            UnitPlace,
            _("places in further hierarchies"),
            "tree parent",
            unique="tree_id",
            folded=True,
        ),
    ),
    import_key="name",
    checks=(check_department_loop, check_place_loops, check_department_is_empty),
    tree="parent",
)

PERSON = Spec(
    model=Person,
    scope=Scope.EVERYONE,
    path="persons",
    icon="users",
    menu="organisation",
    columns="name number department job superior mobile email signs_in",
    order="name_key id",
    search="name email",
    phones="mobile phone",
    filters="name department superior job mobile signs_in roles.role standings.superior",
    form=(
        Section(_("Basics"), "name number department superior job joined_on"),
        Section(_("Reachable at"), "mobile phone email"),
        Section(_("Remarks"), "remark", folded=True),
    ),
    parts=(
        Parts("roles", PersonRole, _("roles"), "role", unique="role_id"),
        Parts(
            "standings",
            Standing,
            _("places in further hierarchies"),
            "tree superior department",
            unique="tree_id",
            folded=True,
        ),
    ),
    import_key="number name",
    bulk_edit="department superior",
    checks=(
        check_superior_loop,
        check_standing_loops,
        check_roles_given,
        check_reached_once,
        check_administrator_stays,
    ),
)

ROLE = dictionary(
    Role,
    path="roles",
    icon="shield-lock",
    menu="organisation",
    parts=(
        Parts(
            "grants",
            Grant,
            _("rights"),
            "object verb reach tree",
            unique="object verb",
            own_page=True,
        ),
        Parts(
            "field_rules",
            FieldRule,
            _("field rights"),
            "object field mine others",
            unique="object field",
            own_page=True,
        ),
    ),
    checks=(check_grants, check_administrator_stays),
    off={Capability.IMPORT: "A role is a decision, not a list."},
)

TREE = dictionary(Tree, path="hierarchies", icon="hierarchy", menu="organisation")

HOLIDAY = Spec(
    model=Holiday,
    scope=Scope.EVERYONE,
    path="holidays",
    icon="calendar",
    columns="day name works",
    order="day id",
    search="name",
    filters="day name works",
    form=(Section("", "day name works"),),
    import_key="day",
)
