"""The dictionaries of customers as a Chinese company would begin with them."""

from guanxi.kernel import terms
from guanxi.modules.customers import models as m

SOURCES = """
online|线上获客|Online
  website|官网注册|Website
  search|搜索引擎|Search engine
  feed|信息流广告|Feed ads
  video|短视频/直播|Short video / live
  account|公众号/小程序|WeChat account / mini-program
  wecom|企业微信|WeCom
  marketplace|电商平台|Marketplace
offline|线下获客|Offline
  exhibition|展会|Exhibition
  event|会议活动|Event
  cold_call|电话开发|Cold call
  cold_visit|陌生拜访|Cold visit
inbound|主动咨询|Inbound
  call|电话咨询|Inbound call
  mail|邮件咨询|Inbound mail
introduced|转介绍|Introduced
  referral|老客户转介绍|Referral
  partner|渠道伙伴|Partner
  employee|员工推荐|Employee
tender|招投标平台|Tender portal
list|购买名录|Purchased list
*other|其他|Other
"""

CLASSES = """
*end|终端客户|End customer
distributor|经销商|Distributor
agent|代理商|Agent
integrator|集成商|Integrator
supplier|供应商|Supplier
partner|合作伙伴|Partner
competitor|竞争对手|Competitor
public|政府/事业单位|Public sector
individual|个人|Individual
"""

STATUSES = """
*prospect|潜在|Prospect|grey
interested|意向|Interested|blue
opportunity|商机中|In opportunity|purple
new|首单成交|New customer|green
repeat|复购|Repeat|teal
dormant|沉睡|Dormant|orange
churned|流失|Churned|red
blocked|黑名单|Blocked|red
"""

INTENTIONS = """
high|高（1月内）|High (within a month)|red
medium|中（3月内）|Medium (within a quarter)|orange
low|低（半年以上）|Low (half a year or more)|grey
none|暂无|None
*unknown|待判断|Unknown
"""

LEVELS = """
s|S 战略|S Strategic|purple
a|A 重点|A Key|red
b|B 重要|B Important|orange
*c|C 普通|C Regular|blue
d|D 低价值|D Low|grey
"""

CREDIT_GRADES = """
aaa|AAA 90 天|AAA 90 days|green
aa|AA 60 天|AA 60 days|teal
*a|A 30 天|A 30 days|blue
b|B 款到发货|B Payment before delivery|orange
c|C 停止供货|C No further deliveries|red
"""

PAYMENT = {
    "aaa": {"days": 90},
    "aa": {"days": 60},
    "a": {"days": 30},
    "b": {"payment": m.Payment.PREPAID},
    "c": {"payment": m.Payment.STOPPED},
}

INDUSTRIES = """
manufacturing|制造业|Manufacturing
  machinery|机械设备|Machinery
  automotive|汽车及零部件|Automotive
  electronics|电子/半导体|Electronics
  chemicals|化工材料|Chemicals
  food|食品饮料|Food and drink
  pharma|医药/生物|Pharma and biotech
trade|批发零售|Wholesale and retail
it|信息技术/软件|IT and software
internet|互联网/电商|Internet
finance|金融|Finance
property|房地产|Real estate
construction|建筑工程|Construction
logistics|交通物流|Logistics
hospitality|住宿餐饮|Hospitality
education|教育培训|Education
healthcare|医疗健康|Healthcare
energy|能源电力|Energy
agriculture|农林牧渔|Agriculture
media|文化传媒|Media
services|商务服务|Business services
research|科研设计|R&D
environment|环保水务|Environment
government|政府/公共|Government
*other|其他|Other
"""

SIZES = """
s1|1-19 人|1-19
*s2|20-99 人|20-99
s3|100-499 人|100-499
s4|500-999 人|500-999
s5|1000-4999 人|1,000-4,999
s6|5000 人以上|5,000+
"""

OWNERSHIPS = """
*private|民营|Private
state|国有|State-owned
foreign|外资|Foreign
joint|合资|Joint venture
listed|上市|Listed
sole|个体工商户|Sole trader
institution|事业单位|Public institution
"""

INVALID_REASONS = """
closed|已注销或停业|Closed down
duplicate|重复录入|Entered twice
wrong|信息错误|Wrong data
no_need|没有需求|No need
unreachable|联系不上|Unreachable
other|其他|Other
"""


def make_terms() -> None:
    for model, lines in (
        (m.CustomerSource, SOURCES),
        (m.CustomerClass, CLASSES),
        (m.CustomerStatus, STATUSES),
        (m.CustomerIntention, INTENTIONS),
        (m.CustomerLevel, LEVELS),
        (m.Industry, INDUSTRIES),
        (m.CompanySize, SIZES),
        (m.Ownership, OWNERSHIPS),
        (m.InvalidReason, INVALID_REASONS),
    ):
        terms.make_terms(model, lines)
    terms.make_terms(m.CreditGrade, CREDIT_GRADES, values=PAYMENT)
