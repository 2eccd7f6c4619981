"""Pipelines with win rates, opportunity types, reasons for winning and losing."""

from guanxi.kernel import terms
from guanxi.kernel.actor import Actor, system_actor
from guanxi.kernel.change import change
from guanxi.modules.sales.models import (
    CloseReason,
    CompetitivePosition,
    OpportunityType,
    Pipeline,
    Stage,
)

PIPELINES = """
*standard|标准直销|Direct sales
project|大客户项目|Key account project
channel|渠道|Channel
renewal|续约增购|Renewal and upsell
telesales|电销|Telesales
"""

#: pipeline code -> lines "code|中文|English|win rate|expected days"; closing stages follow by themselves
STAGES = {
    "standard": """
contact|初步接洽|First contact|10|7
needs|需求确认|Needs confirmed|25|14
solution|方案演示|Solution shown|40|14
quote|报价|Quoted|60|10
negotiation|商务谈判|Negotiation|80|14
signing|合同签订|Contract signing|95|7
""",
    "project": """
start|立项|Project set up|10|14
research|需求调研|Needs survey|20|21
exchange|技术交流|Technical exchange|30|21
budget|预算落实|Budget secured|45|30
poc|方案与POC|Solution and POC|55|30
tender|招投标|Tendering|65|30
negotiation|商务谈判|Negotiation|80|14
award|中标定标|Award|90|14
signing|签约|Signing|95|10
""",
    "channel": """
report|报备|Registered|10|3
accepted|报备通过|Registration accepted|20|7
joint|联合跟进|Joint follow-up|40|21
quote|报价|Quoted|60|10
order|下单|Ordering|90|7
""",
    "renewal": """
expiry|到期提醒|Expiry reminder|50|14
review|价值回顾|Value review|65|14
quote|续约报价|Renewal quoted|80|10
approval|审批|Approval|90|7
""",
    "telesales": """
first_call|首呼|First call|10|1
interested|有意向|Interested|30|3
trial|试用|Trial|50|7
push|促单|Closing call|75|3
""",
}
CLOSING = (
    ("won", "赢单", "Won", 100),
    ("lost", "输单", "Lost", 0),
    ("void", "无效", "Void", 0),
)
RENEWAL_NAMES = {"won": ("续约", "Renewed"), "lost": ("流失", "Churned")}

TYPES = """
*new|新客户|New customer
upsell|老客户增购|Upsell
cross|交叉销售|Cross-sell
renewal|续约|Renewal
repeat|复购|Repeat
"""

POSITIONS = """
ahead|领先|Ahead|green
*even|持平|Even|blue
behind|落后|Behind|orange
unknown|未知|Unknown|grey
"""

WON = """
product|产品|Product
price|价格|Price
service|服务|Service
relation|关系|Relationship
brand|品牌|Brand
delivery|交期|Delivery
reference|案例|References
imported_won|导入|Imported
"""

LOST = """
price|价格高|Price
budget|预算取消|Budget cut
gap|产品功能不满足|Product gap
competitor|竞品中标|Competitor
relation|客户关系不足|Relationship
delivery|交期不满足|Delivery
payment|付款条件|Payment terms
stopped|项目暂停或取消|Project stopped
champion|决策人变动|Champion left
slow|响应慢|Slow response
qualification|资质不符|Qualification
silent|联系不上|Unresponsive
in_house|客户自研|In-house
imported_lost|导入|Imported
"""

VOID = """
duplicate|重复录入|Entered twice
no_need|没有真实需求|No real need
imported_void|导入|Imported
"""


def make_terms() -> None:
    actor = system_actor("day-one master data", surface="command")
    terms.make_terms(Pipeline, PIPELINES)
    terms.make_terms(OpportunityType, TYPES)
    terms.make_terms(CompetitivePosition, POSITIONS)
    for outcome, lines in (("won", WON), ("lost", LOST), ("void", VOID)):
        terms.make_terms(CloseReason, lines, outcome=outcome)
    _make_other_reason(actor)
    for code, stages in STAGES.items():
        pipeline = terms.term(actor, Pipeline, code)
        if pipeline is not None and not Stage.rows(actor).filter(pipeline=pipeline).exists():
            _make_stages(actor, pipeline, stages)


def _make_other_reason(actor: Actor) -> None:
    """其他 is no answer without a word of explanation."""
    if terms.term(actor, CloseReason, "other") is None:
        reason = CloseReason(
            code="other", name="其他", name_en="Other", outcome="lost", needs_note=True
        )
        reason.position = 50
        with change(actor, reason):
            pass


def _make_stages(actor: Actor, pipeline: Pipeline, text: str) -> None:
    place = 0
    for place, line in enumerate(text.strip().split("\n"), start=1):
        code, name, english, rate, days = line.split("|")
        stage = Stage(code=code, name=name, name_en=english, pipeline=pipeline, position=place)
        stage.win_rate, stage.expected_days = int(rate), int(days)
        with change(actor, stage):
            pass
    names = RENEWAL_NAMES if pipeline.code == "renewal" else {}
    for kind, *both, rate in CLOSING:
        place += 1
        name, english = names.get(kind, both)
        stage = Stage(code=kind, name=name, name_en=english, pipeline=pipeline, position=place)
        stage.kind, stage.win_rate = kind, rate
        with change(actor, stage):
            pass
