"""The catalogue of the invented maker 启衡科技: industrial automation and software."""

from decimal import Decimal
from typing import NamedTuple

COMPANY = "启衡科技"
FULL_NAME = "苏州启衡科技股份有限公司"


class Product(NamedTuple):
    code: str
    name: str
    category: str
    unit: str
    list_price: Decimal
    tax_percent: int


# code name unit list-price (CNY without tax); the category stands above its lines.
_TABLE = """
# 可编程控制器
QH-P100 紧凑型控制器P100 台 980
QH-P200 标准型控制器P200 台 2680
QH-P300 冗余型控制器P300 台 15800
QH-PD16 16点数字量扩展模块 个 420
QH-PA08 8通道模拟量扩展模块 个 1180
QH-PC02 双口通讯扩展模块 个 760
# 人机界面
QH-H07 7寸触摸屏 台 890
QH-H10 10寸触摸屏 台 1680
QH-H15 15寸工业平板电脑 台 6200
QH-HW1 无线手持示教器 台 3980
# 伺服与驱动
QH-S04 400W伺服套装 套 1350
QH-S10 1kW伺服套装 套 2280
QH-S30 3kW伺服套装 套 5600
QH-V15 1.5kW变频器 台 1080
QH-V75 7.5kW变频器 台 2350
QH-VM4 四轴运动控制器 台 8800
# 传感与网关
QH-G10 边缘采集网关G10 台 2200
QH-G50 边缘计算网关G50 台 6900
QH-T01 温振一体传感器 个 860
QH-E20 三相电力监测仪 台 1250
QH-R08 远程IO从站 台 1560
# 软件平台
QH-MES-S 启衡制造执行系统 标准版 套 128000
QH-MES-P 启衡制造执行系统 专业版 套 298000
QH-SCADA 启衡监控组态软件 500点 套 26800
QH-EMS 启衡能源管理系统 套 88000
QH-PDM-Y 设备预测性维护 年订阅 年 36000
QH-USER 平台并发用户授权 用户 1200
# 服务
QH-SV-IN 现场安装调试 人天 1800
QH-SV-DV 定制开发 人天 2400
QH-SV-TR 操作与维护培训 次 6000
QH-SV-MA 年度维保服务 年 15000
"""


def _catalogue() -> tuple[Product, ...]:
    found, category = [], ""
    for line in _TABLE.strip().splitlines():
        if line.startswith("#"):
            category = line[2:]
            continue
        code, *name, unit, price = line.split()
        tax = 6 if category in ("软件平台", "服务") and unit != "套" else 13
        found.append(Product(code, " ".join(name), category, unit, Decimal(price), tax))
    return tuple(found)


PRODUCTS = _catalogue()
CATEGORIES = tuple(dict.fromkeys(product.category for product in PRODUCTS))
