"""What a trial and an import tell of the lines they don't take: by name, and why so many."""

from guanxi.testing.html import read
from guanxi.testing.imports import carry_out, reasons, try_as_proposed, upload

LINES = [f"{number},第{number}号客户,无此人" for number in range(1, 31)]
TABLE = "\n".join(["序号,客户名称,负责人", *LINES, "31,甲公司,", "32,,"]).encode()


def test_lines_are_called_by_their_title_and_counted_by_their_reason(window):
    imported = try_as_proposed(window, upload(window, window.person, "customers", TABLE))
    assert imported.counts == {"created": 1, "refused": 30, "skipped": 1}
    ((reason, lines),) = imported.reasons["refused"]
    assert "无此人" in reason
    assert lines == 30
    foretold = read(window.get(f"/import/{imported.pk}/trial/")).text()
    imported = carry_out(window, imported)
    told = read(window.get(f"/import/{imported.pk}/")).text()
    for page in (foretold, told):
        assert page.count(reason) == 1 + 30
        assert "30 行" in page
        assert "第7号客户" in page
    assert len(reasons(imported)) == 31


def test_a_line_that_adds_up_the_others_is_no_record(window):
    table = "序号,客户名称,员工人数\n1,甲公司,3\n2,合计机械公司,4\n合计,共2家,7\n,小计：,7\n"
    imported = upload(window, window.person, "customers", table.encode())
    imported = carry_out(window, try_as_proposed(window, imported))
    assert imported.counts == {"created": 2, "skipped": 2}
    assert list(reasons(imported).values()) == ["这是合计行。"] * 2
