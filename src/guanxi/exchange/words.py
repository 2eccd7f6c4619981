"""Words that mean the same in the tables people bring along, in Chinese and English.

Proposals rest on them; nothing is decided by them alone. An indented line goes on the one above.
"""

import re
from collections.abc import Iterable

#: One line = one meaning: names of columns.
_COLUMNS = """
name|full name|名称|姓名
customer|account|account name|client|company|company name|organisation|organization|firm|客户
  |客户名称|客户名|公司|公司名称|公司名|单位|单位名称|企业名称|企业
person|salesperson|sales agent|sales rep|employee|staff|staff member|colleague|员工|人员|姓名|员工姓名
  |业务员|销售
owner|sales agent|sales rep|salesperson|account manager|account owner|responsible|assigned to
  |负责人|业务员|销售|销售员|销售人员|跟进人|客户经理|所属人|归属人
superior|manager|supervisor|boss|line manager|reports to|上级|直属上级|主管|经理|直接上级|汇报对象
department|office|regional office|region|team|branch|division|部门|所属部门|大区|区域|团队|分公司|办事处
number|id|code|no|nr|ref|reference|编号|编码|代码|号码|单号|工号
product|product name|item|sku|产品|产品名称|商品|商品名称|品名
category|series|product line|family|group|品类|类别|分类|系列|产品线
list price|price|sales price|unit price|retail price|价格|单价|售价|标价|定价|目录价
list price currency|currency|currency code|币种|货币|货币代码|报价币种
industry|sector|branch of industry|line of business|行业|所属行业|所处行业
company size|size|size of company|规模|企业规模|公司规模|人员规模|单位规模
headcount|employees|number of employees|staff count|员工数|员工人数|人数|从业人数|企业人数
founding year|founded|year established|year founded|established|成立年份|成立年|创立年份
annual revenue|revenue|turnover|sales volume|营收|年营收|营业额|年营业额|年收入
parent company|parent|parent account|subsidiary of|belongs to|母公司|上级公司|总公司|集团公司|上级单位
country|office location|location|国家|国别|所在国家|国家地区
region|province and city|省市区|省市|省市县|地区|所在地区|所属地区|所在地|行政区划|所在省市
province|state|state province|省|省份|所在省
city|town|城市|市|所在城市
street and number|street|address|address line|detailed address|地址|详细地址|联系地址|办公地址|通讯地址|街道
postcode|zip|zip code|postal code|邮编|邮政编码
mobile|mobile phone|cell|cell phone|phone|phone number|telephone|contact phone|手机|手机号|手机号码|电话
  |联系电话|联系方式|移动电话
landline|tel|office phone|座机|固话|固定电话|办公电话|公司电话|电话|联系电话
e-mail|email|mail|email address|e-mail address|邮箱|电子邮箱|邮件|电子邮件
wechat|wechat id|weixin|微信|微信号
company profile|about|about us|introduction|公司简介|企业简介|单位简介|简介|公司介绍|企业介绍
website|web|url|homepage|site|网址|网站|官网|主页
remarks|remark|note|notes|comment|comments|description|memo|备注|说明|描述|附注
stage|deal stage|sales stage|pipeline stage|status|阶段|商机阶段|销售阶段|进展
amount|value|close value|deal value|deal amount|expected revenue|金额|商机金额|成交金额|预计金额|销售金额
amount currency|currency|currency code|币种|货币|货币代码|结算币种
opened on|engage date|engaged on|start date|open date|begin date|created|created date|开始日期
  |接洽日期|立项日期|发现日期|创建日期
closed on|close date|closing date|closed date|won on|end date|关闭日期|成交日期|结束日期|签约日期
expected close|expected close date|forecast date|due date|预计成交|预计成交日期|预计签约日期|预计关闭日期
closing reason|reason|loss reason|win reason|lost reason|原因|输单原因|赢单原因|关闭原因
title|subject|topic|opportunity name|deal name|主题|标题|商机名称|商机标题
contact|contact person|联系人|联络人|对接人
job title|position|role|职位|职务|岗位
source|lead source|channel|origin|来源|客户来源|线索来源|获客渠道
level|grade|rating|tier|级别|等级|客户级别|客户等级
status|状态|客户状态
tags|labels|keywords|标签|关键词
credit code|unified social credit code|uscc|统一社会信用代码|信用代码|社会信用代码|税号
credit grade|credit rating|credit level|credit class|payment class|信用等级|信用级别|信用评级|账期等级
  |资信等级|客户信用等级|客户信用级别
competitive position|competitive advantage|competition|竞争优势|竞争地位|竞争态势|竞争情况|竞争力
tax number|tax id|vat number|taxpayer number|税号|纳税人识别号|纳税识别号|税务登记号
business state|registration status|经营状态|登记状态|企业状态|营业状态
legal representative|legal person|法人|法定代表人|法人代表
above|parent|superior department|parent department|上级|上级部门|上级分类
next step|next action|下一步|下步计划
unit|uom|单位|计量单位
"""

#: Names of columns that resemble those of a field and mean nothing we have: left out until somebody
#: assigns them.
NOTHING = frozenset(
    "序号 行号 项次 行次 组织机构代码 注册号 创建时间 修改时间 更新时间 # no. s/n row line".split()
)

#: What people write into a cell to say that there is nothing.
BLANK = frozenset("- -- --- — —— – / \\ 无 暂无 暂缺 空 未填写 n/a #n/a null none nil".split())

#: What stands first in a line below the table that adds it up.
TOTALS = frozenset(
    {"合计", "总计", "小计", "共计", "累计", "total", "subtotal", "grand total", "sum"}
)

#: What stands below a table and is none of its rows: 注：…, 制表人：王芳.
NOTE = re.compile(
    r"(注|备注|说明|附注|填表说明|(制表|填表|审核|复核|编制|统计|审批|打印|更新)(人|日期|时间|单位)?)"
    r"\s*\d?\s*[:：]",
)

#: One line = one meaning: entries of dictionaries and stages.
_VALUES = """
technology|tech|it|it and software|software|information technology|信息技术|信息技术/软件|软件|科技
medical|medicine|health|healthcare|hospital|医疗|医疗健康|医疗卫生
retail|wholesale|wholesale and retail|trade|零售|批发|批发零售
service|services|business services|consulting|服务|商务服务|服务业
finance|financial services|banking|insurance|金融|金融业
entertainment|media|culture|文化|文化传媒|传媒|娱乐
education|training|教育|教育培训
logistics|transport|transportation|shipping|物流|交通物流|运输
manufacturing|industry|制造|制造业|工业
property|real estate|房地产|地产
construction|building|建筑|建筑工程
government|public sector|public|政府|政府/公共
prospecting|prospect|contact|new lead|first contact|qualification|初步接洽|接洽|初步接触
engaging|engaged|in contact|needs|discovery|working|需求确认|跟进中|需求沟通
proposal|solution|demo|presentation|方案演示|方案
quote|quotation|quoted|报价
negotiation|negotiating|商务谈判|谈判
signing|contract|contracting|合同签订|签约
won|closed won|win|success|赢单|成交|已成交|成功
lost|closed lost|lose|failed|输单|失败|丢单|已丢单
void|cancelled|canceled|abandoned|无效|作废|取消
south korea|korea|republic of korea|韩国
united states|usa|us|america|united states of america|美国
united kingdom|uk|great britain|england|英国
china|prc|mainland china|中国|中国大陆
cny|rmb|yuan|人民币|人民币元|元
usd|us$|us dollar|dollar|美元|美金
hkd|hk$|港元|港币
eur|euro|欧元
jpy|yen|日元|日圆
gbp|pound|英镑
key|key account|vip|重点|大客户|核心
male|m|man|mr|男|男性|男士|先生
female|f|woman|mrs|ms|miss|女|女性|女士|小姐
organisation|organization|company|business|企业|公司|单位
individual|person|private|个人
"""


def _read(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(line.split("|")) for line in text.strip().replace("\n  ", "").splitlines())


COLUMNS, VALUES = _read(_COLUMNS), _read(_VALUES)


def others(names: Iterable[str], groups: tuple[tuple[str, ...], ...] = COLUMNS) -> tuple[str, ...]:
    """What else the things called so are called."""
    wanted = {name.casefold() for name in names}
    found: dict[str, None] = {}
    mine = [group for group in groups if not wanted.isdisjoint(group)]
    # A word may stand in several lines (单位: a company, a unit); the line it leads is meant.
    for group in [group for group in mine if group[0] in wanted] or mine:
        found.update(dict.fromkeys(group))
    return tuple(word for word in found if word not in wanted)
