"""The business modules this installation runs, in the order of the menu."""

MODULES = [
    "guanxi.modules.customers",
    "guanxi.modules.contacts",
    "guanxi.modules.catalog",
    "guanxi.modules.sales",
    "guanxi.modules.activities",
]
