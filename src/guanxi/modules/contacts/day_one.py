"""The dictionaries of contacts as a Chinese company would begin with them."""

from guanxi.kernel import terms
from guanxi.modules.contacts import models as m

ROLES = """
decision_maker|决策者|Decision maker
influencer|影响者|Influencer
gatekeeper|技术把关|Technical gatekeeper
user|使用者|User
procurement|采购|Procurement
finance|财务|Finance
champion|推荐人/教练|Champion
blocker|反对者|Blocker
*unknown|未知|Unknown
"""

ATTITUDES = """
supporter|支持|Supporter
*neutral|中立|Neutral
opponent|反对|Opponent
"""

SALUTATIONS = """
mr|先生|Mr
ms|女士|Ms
teacher|老师|Teacher
president|总|President
engineer|工|Engineer
director|主任|Director
"""


def make_terms() -> None:
    for model, lines in (
        (m.BuyingRole, ROLES),
        (m.Attitude, ATTITUDES),
        (m.Salutation, SALUTATIONS),
    ):
        terms.make_terms(model, lines)
