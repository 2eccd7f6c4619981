from django.utils.translation import gettext_lazy as _

from guanxi.kernel.spec import Count, Scope, Section, Spec, dictionary
from guanxi.modules.catalog.models import Product, ProductCategory, Unit

PRODUCT = Spec(
    model=Product,
    scope=Scope.EVERYONE,
    path="products",
    icon="package",
    menu="catalog",
    columns="name number category list_price unit state updated_at",
    order="position id",
    order_within="category",
    search="name number",
    filters="name category state list_price number",
    form=(
        Section(_("Basics"), "name number category list_price unit state"),
        Section(_("More"), "remark", folded=True),
    ),
    figures="list_price unit state",
    state="state",
    import_key="number name",
    bulk_edit="category unit state",
    statistics=(Count(by="category"), Count(by="state")),
)

DICTIONARIES = (
    dictionary(ProductCategory, path="product-categories", tree="parent", menu="catalog"),
    dictionary(Unit, path="units"),
)
