"""Units every company uses and the role that keeps products; categories and products are the
company's own."""

from guanxi.kernel import terms
from guanxi.modules.catalog.models import Unit
from guanxi.people.day_one import READ_TERMS, make_roles

#: Who keeps products, and no other master data.
KEPT = ("catalog.product", "catalog.productcategory", "catalog.unit")
KEEP = "view create edit delete invalidate restore export import print"

UNITS = """
*piece|个|piece
unit|台|unit
set|套|set
item|件|item
carton|箱|carton
box|盒|box
bottle|瓶|bottle
pack|包|pack
handle|把|piece (with handle)
single|只|single
metre|米|metre
square_metre|平方米|square metre
kilogram|千克|kilogram
tonne|吨|tonne
litre|升|litre
man_day|人天|man-day
man_month|人月|man-month
year|年|year
time|次|time
entry|项|entry
user|用户|user
point|点|point
"""


def make_terms() -> None:
    terms.make_terms(Unit, UNITS)


def day_one() -> None:
    make_terms()
    grants = {(key, verb): "all" for key in KEPT for verb in KEEP.split()} | READ_TERMS
    make_roles(
        {"product_manager": ("产品管理员", "Product administrator", grants, [])}, position=12
    )
