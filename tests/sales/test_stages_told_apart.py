import pytest

from guanxi.kernel.measure import measured
from guanxi.kernel.registry import spec
from guanxi.kernel.spec import Count
from guanxi.kernel.values import create_record
from guanxi.modules.sales.models import Opportunity, Pipeline
from guanxi.modules.sales.rules import win_opportunity
from guanxi.testing.people import Company, actor

OPPORTUNITY = spec("sales.opportunity")


@pytest.mark.django_db
def test_stages_of_one_name_are_counted_with_their_pipeline():
    boss, deals = actor(Company().boss), []
    pipelines = list(Pipeline.rows(boss).order_by("position")[:2])
    for pipeline in (*pipelines, pipelines[0]):
        raw = {"title": "设备采购", "pipeline": str(pipeline.pk)}
        deals.append(create_record(boss, OPPORTUNITY, raw))
    for deal in deals[:2]:
        win_opportunity(boss, deal)
    figures = measured(boss, OPPORTUNITY, Opportunity.rows(boss), Count(by="stage")).figures
    won = {f"赢单 · {pipeline.name}" for pipeline in pipelines}
    assert {figure.label for figure in figures} == {*won, "初步接洽"}
