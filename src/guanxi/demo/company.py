"""The invented company 启衡科技: its departments and its thirty people."""

from typing import NamedTuple

from guanxi.testing.words.products import COMPANY


class Place(NamedTuple):
    """A department; `above` is the name of the one it belongs to, `head` that of a person."""

    name: str
    above: str
    head: str


class Member(NamedTuple):
    """`share`: of the region's business; `joined`: months ago; `signs_in`: has a demo sign-in."""

    name: str
    department: str
    superior: str
    job: str
    role: str
    share: int
    joined: int
    signs_in: bool


# name, above, head
_PLACES = """
启衡科技 - 沈博远
总经办 启衡科技 沈博远
销售中心 启衡科技 韩志峰
华东大区 销售中心 高建民
华东一组 华东大区 许海涛
华东二组 华东大区 丁海波
华北大区 销售中心 贾永强
华南大区 销售中心 梁国辉
市场部 启衡科技 叶文婷
客服中心 启衡科技 潘玉梅
财务部 启衡科技 汪淑珍
产品部 启衡科技 姚天宇
"""

# name, department, superior, job, role, share of the region's business, months since joining;
# * in front: has a demo sign-in
_STAFF = """
*沈博远 总经办 - 总经理 owner 0 96
陆雅静 总经办 沈博远 总经理助理 - 0 40
*韩志峰 销售中心 沈博远 销售总监 sales_director 0 84
*高建民 华东大区 韩志峰 大区经理 sales_manager 6 72
*许海涛 华东一组 高建民 销售主管 sales_manager 12 60
*周子涵 华东一组 许海涛 销售代表 sales 16 34
王俊杰 华东一组 许海涛 销售代表 sales 12 28
陈婷婷 华东一组 许海涛 销售代表 sales 3 4
*方晓雯 华东一组 许海涛 销售助理 sales_assistant 0 30
丁海波 华东二组 高建民 销售主管 sales_manager 11 55
蒋雨欣 华东二组 丁海波 销售代表 sales 20 41
吴鹏飞 华东二组 丁海波 销售代表 sales 12 26
孙佳怡 华东二组 丁海波 销售代表 sales 8 17
*贾永强 华北大区 韩志峰 大区经理 sales_manager 14 66
赵一鸣 华北大区 贾永强 销售代表 sales 34 38
李思琪 华北大区 贾永强 销售代表 sales 30 29
刘宇轩 华北大区 贾永强 销售代表 sales 22 14
梁国辉 华南大区 韩志峰 大区经理 sales_manager 12 70
林嘉豪 华南大区 梁国辉 销售代表 sales 38 45
黄佳琪 华南大区 梁国辉 销售代表 sales 28 31
何志鹏 华南大区 梁国辉 销售代表 sales 22 22
*叶文婷 市场部 沈博远 市场经理 marketing 0 50
程浩然 市场部 叶文婷 市场专员 marketing 0 20
*潘玉梅 客服中心 沈博远 客服主管 service_lead 0 58
田晓丽 客服中心 潘玉梅 客服 service 0 33
马俊峰 客服中心 潘玉梅 售后工程师 service 0 27
*汪淑珍 财务部 沈博远 财务经理 finance 0 80
邹慧敏 财务部 汪淑珍 会计 finance 0 36
*姚天宇 产品部 沈博远 产品经理 product_manager 0 44
郝明睿 产品部 姚天宇 产品专员 product_manager 0 12
"""

REGIONS = {
    "华东大区": "上海市 江苏省 浙江省 安徽省 江西省 福建省",
    "华北大区": "北京市 天津市 河北省 山西省 山东省 河南省 陕西省 辽宁省 吉林省 黑龙江省",
    "华南大区": "广东省 广西壮族自治区 海南省 湖北省 湖南省 重庆市 四川省 云南省 贵州省",
}


def _word(text: str) -> str:
    return "" if text == "-" else text


def _member(line: str) -> Member:
    name, place, superior, job, role, share, months = line.lstrip("*").split()
    return Member(
        name, place, _word(superior), job, _word(role), int(share), int(months), line[0] == "*"
    )


PLACES = tuple(
    Place(name, _word(above), head)
    for name, above, head in (line.split() for line in _PLACES.strip().splitlines())
)
STAFF = tuple(_member(line) for line in _STAFF.strip().splitlines())
ROOT = COMPANY


def region_of(province: str) -> str:
    """The region that sells in a province; what nobody else serves belongs to the first."""
    found = (region for region, provinces in REGIONS.items() if province in provinces.split())
    return next(found, "华东大区")


def sellers(region: str) -> tuple[tuple[str, int, int], ...]:
    """(name, share, months since joining) of those who sell in a region."""
    places = {region} | {place.name for place in PLACES if place.above == region}
    return tuple(
        (one.name, one.share, one.joined) for one in STAFF if one.department in places and one.share
    )
