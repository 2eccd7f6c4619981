"""Addresses that name an object by the path of its Spec."""

from django.urls import register_converter

from guanxi.kernel import registry
from guanxi.kernel.spec import Spec

OBJECT = "object"


class ObjectPath:
    """The path of a registered object, such as `customers`."""

    regex = "[a-z][a-z-]*"

    def to_python(self, value: str) -> Spec:
        spec = registry.by_path(value)
        if spec is None:
            raise ValueError(value)
        return spec

    def to_url(self, value: Spec) -> str:
        return value.path


register_converter(ObjectPath, OBJECT)
