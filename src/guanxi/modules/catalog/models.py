"""What the company sells, to begin with: categories and products with a list price."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import fields
from guanxi.kernel.record import Dictionary, Record


class ProductCategory(Dictionary):
    parent = fields.Link("self", _("above"), lookup="children", optional=True, tree=True)

    class Meta(Dictionary.Meta):
        verbose_name = _("product category")
        verbose_name_plural = _("product categories")


class Unit(Dictionary):
    class Meta(Dictionary.Meta):
        verbose_name = _("unit")
        verbose_name_plural = _("units")


class SaleState(models.TextChoices):
    ON_SALE = "on_sale", _("on sale")
    PRESALE = "presale", _("presale")
    DISCONTINUED = "discontinued", _("discontinued")


class Product(Record):
    name = fields.Text(_("product name"), max=100, by_pinyin=True)
    number = fields.Text(_("product number"), max=40, optional=True)
    category = fields.Link(
        "catalog.ProductCategory", _("category"), lookup="products", optional=True, tree=True
    )
    list_price = fields.Money(_("list price"))
    unit = fields.Link("catalog.Unit", _("unit"), lookup="products", optional=True)
    state = fields.Choice(_("state"), choices=SaleState, default=SaleState.ON_SALE)
    remark = fields.LongText(_("remarks"))
    position = fields.Position()

    class Meta(Record.Meta):
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = (models.Index(fields=("book", "position", "id"), name="product_order"),)
        constraints = (
            models.UniqueConstraint(fields=("book", "name"), name="product_name"),
            models.UniqueConstraint(
                fields=("book", "number"), condition=~models.Q(number=""), name="product_number"
            ),
        )
