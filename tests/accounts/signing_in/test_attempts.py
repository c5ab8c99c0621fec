"""The counters behind the limits: per subject, bounded in number, exact under races, reset after their window."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import TryCount
from accounts.signing_in import attempts
from accounts.signing_in.attempts import Limit, forget_old_tries, take
from accounts.tasks import clear_sign_in
from tests.elsewhere import elsewhere

THREE = Limit("three", 3, timedelta(minutes=15))
OTHER = Limit("other", 1, timedelta(minutes=15))


def test_limit_allows_so_many_tries_for_each_subject(db):
    assert [THREE.take("anna") for _ in range(5)] == [True, True, True, False, False]
    assert THREE.take("bob")


def test_limit_begins_anew_after_its_window_alone(db):
    start = timezone.now()
    for _ in range(3):
        THREE.take("anna", start)
    assert not THREE.take("anna", start + timedelta(minutes=14, seconds=59))
    assert [THREE.take("anna", start + timedelta(minutes=15)) for _ in range(4)] == [True, True, True, False]


def test_refused_try_writes_nothing(db, django_assert_num_queries):
    for _ in range(3):
        THREE.take("anna")
    with django_assert_num_queries(1) as asked:
        assert not THREE.take("anna")
    assert asked.captured_queries[0]["sql"].startswith("SELECT")


def test_success_gives_its_try_back_and_no_more(db):
    THREE.take("anna")
    for _ in range(3):
        THREE.give_back("anna")
    assert [THREE.take("anna") for _ in range(4)] == [True, True, True, False]


def test_refusal_by_one_limit_counts_for_no_other(db):
    OTHER.take("anna")
    assert not take((THREE, "anna"), (OTHER, "anna"))
    assert [THREE.take("anna") for _ in range(4)] == [True, True, True, False]


def test_counters_are_bounded_in_number_and_hold_no_address(db, monkeypatch):
    monkeypatch.setattr(attempts, "BUCKETS", 50)
    for number in range(1000):
        THREE.take(f"decoy{number}@example.org")
    assert TryCount.objects.count() <= 50
    assert "decoy" not in str(list(TryCount.objects.values()))


def test_flood_of_decoys_pushes_no_counter_out(db):
    for _ in range(3):
        THREE.take("anna@example.org")
    for number in range(1000):
        THREE.take(f"decoy{number}@example.org")
    assert not THREE.take("anna@example.org")


def test_sweep_forgets_the_counters_whose_window_is_over(db):
    THREE.take("anna", timezone.now() - timedelta(minutes=16))
    THREE.take("bob")
    clear_sign_in()
    assert TryCount.objects.count() == 1
    forget_old_tries(timezone.now() + timedelta(minutes=16))
    assert TryCount.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_over", [False, True])
def test_tries_at_once_are_each_counted(is_over):
    """This includes an expired window, which every thread finds."""
    if is_over:
        for _ in range(3):
            THREE.take("anna", timezone.now() - timedelta(minutes=16))

    allowed = elsewhere(lambda: THREE.take("anna"), workers=12)
    assert (sum(allowed), TryCount.objects.get().tries) == (3, 3)
