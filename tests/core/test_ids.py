"""Ids sort by the time they were made."""

import time
import uuid

from core.ids import new_id


def test_later_ids_sort_behind_earlier_ones() -> None:
    made = []
    for _ in range(20):
        made.append(new_id())
        time.sleep(0.002)
    assert made == sorted(made)


def test_ids_are_uuids_of_version_7_and_never_the_same() -> None:
    made = {new_id() for _ in range(5000)}
    assert len(made) == 5000
    assert {uuid.UUID(one).version for one in made} == {7}
    assert {uuid.UUID(one).variant for one in made} == {uuid.RFC_4122}
