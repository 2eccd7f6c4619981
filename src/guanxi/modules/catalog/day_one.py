"""Units every company uses; categories and products are the company's own."""

from guanxi.kernel import terms
from guanxi.modules.catalog.models import Unit

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
