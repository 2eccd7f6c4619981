from lint import inheritance, inner_imports, modules, sizes


def test_long_files_functions_and_lines_are_found(said):
    body = "\n".join(f"    line_{number} = {number}" for number in range(40))
    found = said(
        sizes.check,
        {
            "src/guanxi/long.py": "x = 1\n" * 400,
            "src/guanxi/fits.py": "x = 1\n" * 399,
            "src/guanxi/function.py": f"def endless():\n{body}\n",
            "src/guanxi/wide.py": f"x = '{'宽' * 116}'\n",
            "src/guanxi/chinese.py": f"x = '{'宽' * 114}'\n",
            "src/guanxi/migrations/0001.py": "x = 1\n" * 500,
        },
    )
    assert sorted(found) == [
        ("src/guanxi/function.py", 1, "endless has 41 lines"),
        ("src/guanxi/long.py", 0, "400 lines"),
        ("src/guanxi/wide.py", 1, "122 characters in a line"),
    ]


def test_a_second_layer_of_own_classes_is_found(said):
    found = said(
        inheritance.check,
        {
            "src/guanxi/kernel/record.py": "class Record: pass\nclass Dictionary(Record): pass\n",
            "src/guanxi/a.py": (
                "from django.db import models\n"
                "from guanxi.kernel.record import Dictionary, Record\n"
                "class Customer(Record): pass\n"
                "class Source(Dictionary): pass\n"
                "class Plain(models.Model): pass\n"
            ),
            "src/guanxi/b.py": "from guanxi.a import Customer\nclass Special(Customer): pass\n",
            "src/guanxi/kernel/kinds/base.py": "class Kind: pass\n",
            "src/guanxi/kernel/kinds/texts.py": (
                "from guanxi.kernel.kinds.base import Kind\n"
                "class TextKind(Kind): pass\n"
                "class PhoneKind(TextKind): pass\n"
                "class FaxKind(PhoneKind): pass\n"
            ),
            "src/guanxi/c.py": "from elsewhere import Customer\nclass Other(Customer): pass\n",
        },
    )
    assert found == [
        ("src/guanxi/b.py", 2, "Special stands on more than one class of ours"),
        ("src/guanxi/kernel/kinds/texts.py", 4, "FaxKind stands on more than one class of ours"),
    ]


def test_imports_inside_functions_are_found(said):
    late = "def f():\n    import {0}\n    from {0} import x\n"
    found = said(
        inner_imports.check,
        {
            "src/guanxi/a.py": late.format("json"),
            "src/guanxi/heavy.py": late.format("sklearn.linear_model"),
            "src/guanxi/apps.py": late.format("json"),
            "src/guanxi/modules/sales/module.py": late.format("json"),
        },
    )
    text = "import of json inside a function"
    assert found == [("src/guanxi/a.py", 2, text), ("src/guanxi/a.py", 3, text)]


def test_modules_import_only_what_they_need_and_downwards(said):
    folder = "src/guanxi/modules"
    found = said(
        modules.check,
        {
            f"{folder}/sales/module.py": "SALES = Module(name='sales', needs=('customers',))\n",
            f"{folder}/sales/models.py": "from guanxi.modules.customers.models import Customer\n",
            f"{folder}/sales/rules.py": "from guanxi.modules.sales import specs, models\n",
            f"{folder}/sales/specs.py": "from . import rules\nfrom ..catalog.models import X\n",
            f"{folder}/customers/module.py": "CUSTOMERS = Module(name='customers')\n",
            f"{folder}/customers/rules.py": "import guanxi.modules.sales.rules\n",
        },
    )
    assert sorted(found) == [
        (f"{folder}/customers/rules.py", 1, "customers imports sales"),
        (f"{folder}/sales/rules.py", 1, "imports guanxi.modules.sales.specs from below"),
        (f"{folder}/sales/specs.py", 2, "sales imports catalog"),
    ]
