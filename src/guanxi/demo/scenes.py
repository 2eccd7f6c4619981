"""Words of the demo's opportunities: what they are about, what comes next, why they ended."""

# Product category -> what such a sale is called; {short} is the customer.
TITLES = {
    "可编程控制器": (
        "{short} 装配线控制柜升级", "{short} PLC年度框架", "{short} 老线控制器替换", "{short} 新厂房控制系统",
        "{short} 包装线控制改造", "{short} 试验台控制器",
    ),
    "人机界面": (
        "{short} 触摸屏批量更换", "{short} 操作站升级", "{short} 设备配套触摸屏", "{short} 车间看板终端",
    ),
    "伺服与驱动": (
        "{short} 伺服改造一期", "{short} 灌装线伺服", "{short} 风机变频节能", "{short} 机床进给伺服",
        "{short} 输送线变频", "{short} 新机型配套伺服",
    ),
    "传感与网关": (
        "{short} 设备联网试点", "{short} 电机振动监测", "{short} 数据采集改造", "{short} 车间能耗采集",
        "{short} 二期设备上网",
    ),
    "软件平台": (
        "{short} MES一期", "{short} 能源管理平台", "{short} 监控组态升级", "{short} 数字化车间",
        "{short} 预测性维护试点", "{short} MES扩产线",
    ),
    "服务": (
        "{short} 年度维保", "{short} 现场调试服务", "{short} 接口定制开发", "{short} 操作工培训",
    ),
}  # fmt: skip
RENEWALS = (
    "{short} 年度维保续约",
    "{short} 平台授权续费",
    "{short} 预测性维护续订",
    "{short} 框架协议续签",
)

# Progress of an open opportunity (0 to 4) -> the next step as a sales person writes it.
NEXT_STEPS = (
    ("约设备科现场看一次", "加采购微信发样本", "打电话确认预算", "找老客户引荐技术负责人"),
    ("整理需求清单发客户确认", "带技术去现场测节拍", "确认通讯协议和点表", "约生产部开需求会"),
    ("出方案初稿", "约线上演示", "寄样机试用", "让售前补技术偏离表"),
    ("催报价反馈", "更新报价，拆分软硬件", "申请特价", "跟采购对比价结果"),
    ("合同发法务审", "谈付款方式", "盖章寄合同", "跟进客户内部审批"),
)

TAGS = ("展会", "老客户", "价格敏感", "集团客户", "二期潜力", "账期长", "重点跟进", "可做案例")
# Outcome -> codes of reasons with their weight.
REASONS = {
    "won": (("product", 26), ("relation", 20), ("service", 18), ("price", 16), ("reference", 10),
            ("delivery", 6), ("brand", 4)),
    "lost": (("price", 30), ("competitor", 20), ("budget", 13), ("silent", 9), ("stopped", 8),
             ("gap", 7), ("delivery", 5), ("champion", 4), ("payment", 2), ("relation", 2)),
    "void": (("no_need", 70), ("duplicate", 30)),
}  # fmt: skip
LOST_NOTES = (
    "对方选了本地集成商，价格低一成多", "集团今年收紧投资，明年再看", "接手的人要重新选型", "交期差两周，来不及",
    "", "", "", "",
)  # fmt: skip
VOID_REASONS = ("已注销或停业", "重复录入", "信息错误", "没有需求", "联系不上")
