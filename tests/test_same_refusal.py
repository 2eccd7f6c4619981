"""One wish that can't be granted is refused at every door, in the same words."""

import json

import pytest
from django.utils import translation

from guanxi.exchange.run import Waiting, run_import
from guanxi.exchange.upload import take_file
from guanxi.kernel.errors import Wrong
from guanxi.kernel.registry import spec
from guanxi.kernel.values import edit_record
from guanxi.talk.entries import write_comment
from guanxi.testing.doors import DOORS, Wish
from guanxi.testing.html import read
from guanxi.testing.imports import bring
from guanxi.testing.making_doors import MAKING, Making
from guanxi.testing.people import EVERYTHING, SYSTEM, Company, actor, api_client, browser
from guanxi.testing.samples import make

pytestmark = pytest.mark.django_db
CUSTOMER, OPPORTUNITY = spec("customers.customer"), spec("sales.opportunity")
COMMUNICATION = spec("activities.communication")
BOTH = pytest.mark.parametrize("language", ["zh-hans", "en"])


@pytest.fixture
def company():
    return Company()


@pytest.fixture
def customer(company):
    return make(CUSTOMER, actor(company.boss), 4)


@pytest.fixture
def opportunity(company):
    return make(OPPORTUNITY, actor(company.boss), 4)


def refusals(person, record, path, text, *, language, version=None):
    """{door: its answer}, after checking that nothing was let in."""
    version = record.version if version is None else version
    wish = Wish(person, record, path, text, version, language)
    answers = {name: door(wish) for name, door in DOORS.items()}
    assert wish.fresh().version == record.version, "one of the doors let it in"
    return {name: answer for name, answer in answers.items() if answer is not None}


def assert_same(answers, *doors):
    sentence = answers["kernel"]
    assert sentence
    assert {name for name, answer in answers.items() if sentence in answer} == set(answers)
    assert set(doors) <= set(answers), "a door was not asked"
    return sentence


@BOTH
@pytest.mark.parametrize(
    "path, text, doors",
    [
        ("name", "字" * 121, ("batch", "form", "fact", "api", "import")),
        ("name", " ", ("batch", "form", "fact", "api")),
        ("headcount", "many", ("form", "fact", "api", "import")),
        ("headcount", "-1", ("form", "fact", "api", "import")),
        ("revenue", "1.00001", ("form", "fact", "api", "import")),
        ("founded_on", "2026-02-30", ("form", "fact", "api")),
        ("nature", "no-such-choice", ("form", "fact", "api")),
        ("level", "999999999", ("batch", "form", "fact", "api", "bulk edit", "import")),
        ("level", "x", ("form", "fact", "api", "bulk edit", "import")),
        ("next_contact_on", "1700-01-01", ("form", "fact", "api", "bulk edit", "import")),
        ("parent", "999999999", ("batch", "form", "fact", "api", "import")),
    ],
)
def test_wrong_values(company, customer, language, path, text, doors):
    assert_same(refusals(company.boss, customer, path, text, language=language), *doors)


@BOTH
def test_what_must_be_unique(company, customer, language):
    other = make(CUSTOMER, SYSTEM, 5)
    found = refusals(company.boss, customer, "credit_code", other.credit_code, language=language)
    assert_same(found, "batch", "form", "fact", "api", "import")


@BOTH
def test_rows_of_strangers(company, language):
    mine = make(CUSTOMER, actor(company.anna), 4)
    theirs = make(CUSTOMER, actor(company.ben), 5)
    found = refusals(company.anna, mine, "parent", str(theirs.pk), language=language)
    strange = assert_same(found, "batch", "form", "fact", "api", "import")
    none = refusals(company.anna, mine, "parent", "999999999", language=language)
    assert none["kernel"] == strange, "the answer must not tell which rows exist"


@BOTH
@pytest.mark.parametrize("policy", ["masked", "readonly"])
def test_fields_one_may_not_change(company, customer, language, policy):
    rules = [(CUSTOMER.key, "headcount", policy, policy)]
    reader = company.person("遮盖", EVERYTHING, rules=rules)
    found = refusals(reader, customer, "headcount", "7", language=language)
    assert_same(found, "batch", "form", "fact", "api", "import")


@BOTH
def test_stages_that_do_not_follow(company, opportunity, language):
    stages = type(opportunity.stage).rows(SYSTEM)
    foreign = stages.exclude(pipeline=opportunity.pipeline).filter(kind="open").order_by("pk")[0]
    lost = stages.get(pipeline=opportunity.pipeline, kind="lost")
    for stage, doors in (
        (foreign, ("board", "stage bar", "form", "fact", "api")),
        (lost, ("form", "fact", "api", "import")),
    ):
        found = refusals(company.boss, opportunity, "stage", str(stage.pk), language=language)
        asked = {name: found[name] for name in ("kernel", *doors)}
        assert_same(asked, *doors)


@BOTH
def test_what_somebody_else_has_changed(company, customer, opportunity, language):
    found = refusals(company.boss, customer, "name", "后到", language=language, version=0)
    assert_same(found, "batch", "form", "fact", "api")
    stage = opportunity.stage_id
    found = refusals(company.boss, opportunity, "stage", str(stage), language=language, version=0)
    assert {"board", "stage bar"} <= set(found)
    assert found["board"] == found["kernel"] or not found["kernel"]


def made(person, known, values, *, language):
    """{door: its answer}, after checking that nothing was made."""
    before = known.model.rows(SYSTEM).count()
    making = Making(person, known, values, language)
    answers = {}
    for name, door in MAKING.items():
        answers[name] = door(making)
        assert known.model.rows(SYSTEM).count() == before, f"{name} let it in"
    return {name: answer for name, answer in answers.items() if answer is not None}


def call_of(person, number=4):
    """What a communication needs, as it is typed."""
    customer = make(CUSTOMER, actor(person), number)
    kind = spec("activities.communicationtype").model.rows(SYSTEM).order_by("pk")[0]
    return {"customer": str(customer.pk), "type": str(kind.pk), "text": "谈了报价"}


@BOTH
@pytest.mark.parametrize(
    "path, text",
    [
        ("text", "字" * 5001),
        ("text", "看不见\x07的"),
        ("type", "999999999"),
        ("result", "999999999"),
        ("next_on", "2026-02-30"),
        ("next_on", "1700-01-01"),
        ("next_step", "字" * 201),
    ],
)
def test_wrong_values_of_something_new(company, language, path, text):
    values = call_of(company.boss) | {path: text}
    found = made(company.boss, COMMUNICATION, values, language=language)
    if path != "next_on":
        assert_same(found, "form", "composer", "api", "import")
    else:
        # A file's date is told with the way it was read.
        assert_same({k: v for k, v in found.items() if k != "import"}, "form", "composer", "api")


@BOTH
def test_something_new_of_a_stranger_s(company, language):
    theirs = call_of(company.ben, 5)["customer"]
    values = call_of(company.anna) | {"customer": theirs}
    found = made(company.anna, COMMUNICATION, values, language=language)
    strange = assert_same(found, "form", "composer", "api", "import")
    none = made(company.anna, COMMUNICATION, values | {"customer": "99999999"}, language=language)
    assert none["kernel"] == strange, "the answer must not tell which rows exist"


def test_something_new_that_is_right_is_made_everywhere(company):
    for number, (name, door) in enumerate(MAKING.items()):
        values = call_of(company.boss, number * 4) | {"text": f"谈了{name}"}
        assert door(Making(company.boss, COMMUNICATION, values, "zh-hans")) == "", name
    texts = COMMUNICATION.model.rows(SYSTEM).values_list("text", flat=True)
    assert {f"谈了{name}" for name in MAKING} <= set(texts)


@BOTH
@pytest.mark.parametrize("text", ["", "字" * 5001, "看不见\x07的"])
def test_comments_are_refused_alike(company, customer, language, text):
    with translation.override(language), pytest.raises(Wrong) as wrong:
        write_comment(actor(company.boss), customer, text)
    client = browser(company.boss, language=language)
    page = client.post(f"/customers/{customer.pk}/comments/", {"text": text})
    assert wrong.value.message in read(page).text()
    program = api_client(company.boss, language=language)
    url = f"/api/v1/customers/{customer.pk}/comments"
    told = program.post(url, {"text": text}, content_type="application/json").json()
    assert wrong.value.message in json.dumps(told, ensure_ascii=False)


def test_a_right_wish_is_granted_everywhere(company):
    """The doors do open: otherwise all of the above would prove nothing."""
    for number, (name, door) in enumerate(DOORS.items()):
        record = make(CUSTOMER, actor(company.boss), 4 * number)
        wish = Wish(company.boss, record, "next_contact_on", "2031-05-06", 1, "zh-hans")
        answer = door(wish)
        assert answer is None or str(wish.fresh().next_contact_on) == "2031-05-06", (name, answer)


def test_why_some_doors_are_not_asked(company, customer):
    """An empty control of a bulk edit and a blank cell leave the value as it is; neither was ever
    shown a version, so both write over what somebody else has changed meanwhile."""
    edit_record(SYSTEM, customer, {"headcount": "7"})
    for path, text, version in [("name", "", 2), ("headcount", "8", 1)]:
        wish = Wish(company.boss, customer, path, text, version, "zh-hans")
        assert [DOORS[door](wish) for door in ("bulk edit", "import")] == [None, None]
    table = "number,name,headcount\n{},,{}\n"
    done = bring(company.boss, CUSTOMER.key, table.format(customer.number, 7), mode="update")
    assert done.counts == {"unchanged": 1}
    stale = take_file(
        actor(company.boss), CUSTOMER, "t.csv", [table.format(customer.number, 9).encode()]
    )
    edit_record(SYSTEM, customer, {"headcount": "8"})
    run_import(actor(company.boss), stale, Waiting())
    ticked = {"tick": customer.pk, "confirmed": "1", "next_contact_on": ""}
    assert browser(company.boss).post("/customers/bulk/edit/", ticked).status_code in (409, 422)
    stored = type(customer).rows(SYSTEM).get(pk=customer.pk)
    assert (stored.name, stored.headcount) == (customer.name, 9)
