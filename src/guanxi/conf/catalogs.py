"""One dictionary a language. Django means to merge catalogs of one plural rule, but compares a
function with a code and so asks every package in turn for each text of a page."""

from typing import Any

from django.utils.translation import trans_real


class Merged(trans_real.TranslationCatalog):
    def update(self, trans: Any) -> None:
        if trans.plural.__code__ == self._plurals[0].__code__:
            self._catalogs[0].update(trans._catalog)
        else:
            super().update(trans)


def merge_catalogs() -> None:
    trans_real.TranslationCatalog = Merged
