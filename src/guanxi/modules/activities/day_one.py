"""The dictionaries of communications as a Chinese company would begin with them."""

from guanxi.kernel import terms
from guanxi.modules.activities import models as m

TYPES = """
*call|电话|Call
wechat|微信/企微|WeChat / WeCom
visit|上门拜访|Visit
customer_visit|客户来访|Customer visit
online|线上会议|Online meeting
mail|邮件|E-mail
sms|短信|SMS
demo|演示|Demo
proposal|方案/报价|Proposal
meal|商务宴请|Business meal
event|展会/活动|Event
tender|投标|Tender
other|其他|Other
"""

RELATIONS = """
first|首次接触|First contact
needs|需求沟通|Needs
solution|方案沟通|Proposal
negotiation|商务沟通|Negotiation
service|售后服务|After-sales
complaint|投诉处理|Complaint
care|关怀维护|Care
collection|催款|Collection
"""

TOPICS = """
price|价格|Price
delivery|交期|Delivery
quality|质量|Quality
function|功能|Function
service|服务|Service
competitor|竞品|Competitor
payment|付款|Payment
policy|政策|Policy
"""

RESULTS = """
progress|有进展|Progress
*no_change|无变化|No change
no_answer|未接通|No answer
agreed|约定下次|Next agreed
refused|明确拒绝|Refused
postponed|推迟|Postponed
won|已成交|Won
"""


PLANS = """
*follow_up|回访|Follow-up
visit|拜访|Visit
sample|送样|Sample
quote|报价|Quote
sign|签约|Sign
collect|催款|Collect payment
deliver|交付|Deliver
renewal|续约|Renewal
birthday|生日关怀|Birthday
meeting|会议|Meeting
internal|内部任务|Internal
"""


def make_terms() -> None:
    for model, lines in (
        (m.CommunicationType, TYPES),
        (m.RelationType, RELATIONS),
        (m.HotTopic, TOPICS),
        (m.CommunicationResult, RESULTS),
        (m.PlanType, PLANS),
    ):
        terms.make_terms(model, lines)
