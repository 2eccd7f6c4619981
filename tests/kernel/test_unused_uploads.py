"""Uploads nobody made use of go after a day; what any record holds or ever held stays."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from guanxi.kernel.acts import delete_record
from guanxi.kernel.company import own_company
from guanxi.kernel.files import keep_file
from guanxi.kernel.journal import last_change
from guanxi.kernel.models import StoredFile
from guanxi.kernel.registry import spec
from guanxi.kernel.undo import undo_change
from guanxi.kernel.unused import remove_unused
from guanxi.kernel.values import create_record, edit_record
from guanxi.modules.customers.models import CustomerLevel
from guanxi.talk.entries import attach_file, remove_entry
from guanxi.testing.people import SYSTEM, Company, actor
from guanxi.testing.samples import DOT

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
CUSTOMER = spec("customers.customer")


@pytest.fixture
def anna():
    return actor(Company().anna)


@pytest.fixture
def record(anna):
    level = CustomerLevel.rows(SYSTEM).order_by("pk")[0]
    return create_record(anna, CUSTOMER, {"name": "云起包装", "level": str(level.pk)})


def upload(who, name="logo.png"):
    return keep_file(who, SimpleUploadedFile(name, DOT), max_bytes=1000, picture=True)


def in_two_days():
    return remove_unused(timezone.now() + timedelta(days=2))


def test_what_nobody_used_goes_after_a_day_with_its_bytes(anna):
    left = upload(anna)
    assert remove_unused(timezone.now() + timedelta(hours=23)) == 0
    assert default_storage.exists(left.path)
    assert in_two_days() == 1
    assert not StoredFile.objects.exists()
    assert not default_storage.exists(left.path)


def test_what_is_held_stays(anna, record):
    edit_record(anna, record, {"photo": str(upload(anna).pk)})
    attach_file(anna, record, SimpleUploadedFile("a.png", DOT))
    company = own_company(1)
    company.logo = upload(anna)
    company.save()
    assert in_two_days() == 0
    assert StoredFile.objects.filter(settled=True).count() == 3


def test_what_was_held_stays_for_undo(anna, record):
    first, second = upload(anna), upload(anna)
    edit_record(anna, record, {"photo": str(first.pk)})
    fresh = CUSTOMER.model.rows(anna).get(pk=record.pk)
    edit_record(anna, fresh, {"photo": str(second.pk)})
    assert in_two_days() == 0
    undo_change(anna, last_change(CUSTOMER, record))
    assert CUSTOMER.model.rows(anna).get(pk=record.pk).photo_id == first.pk


def test_the_files_of_deleted_records_and_entries_stay(anna, record):
    edit_record(anna, record, {"photo": str(upload(anna).pk)})
    fresh = CUSTOMER.model.rows(anna).get(pk=record.pk)
    remove_entry(anna, fresh, attach_file(anna, fresh, SimpleUploadedFile("a.png", DOT)))
    delete_record(SYSTEM, fresh)
    assert in_two_days() == 0


def test_what_was_looked_at_once_is_not_looked_at_again(anna, record, django_assert_num_queries):
    edit_record(anna, record, {"photo": str(upload(anna).pk)})
    in_two_days()
    with django_assert_num_queries(1):
        in_two_days()
