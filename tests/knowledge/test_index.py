"""The index: Qdrant's engine in-process and a Qdrant server do the same."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import qdrant_client

from knowledge.index import Filters, Index, IndexBusy, Point
from knowledge.index.edge import EdgeIndex
from knowledge.index.server import ServerIndex
from knowledge.words import passage_weights, query_weights, words

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant")

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(params=["edge", "server"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    made: Index
    if request.param == "edge":
        made = EdgeIndex(tmp_path / "index", {"m": 4})
    else:
        made = ServerIndex(qdrant_client.QdrantClient(":memory:"), {"m": 4})
    yield made
    made.close()


def point(text: str, *vector: float, **more: object) -> Point:
    filled = np.zeros(4, np.float32)
    filled[: len(vector)] = vector
    return Point(str(uuid.uuid4()), {"m": filled}, passage_weights(words(text)), **more)  # type: ignore[arg-type]


def test_the_nearest_vectors_come_first(index: Index) -> None:
    far, near = point("a", 0, 1), point("b", 1, 0.2)
    index.upsert([far, near])
    found = index.search_dense("m", np.array([1, 0, 0, 0], np.float32), 5, Filters())
    assert [match.id for match in found] == [near.id, far.id]
    assert found[0].score == pytest.approx(1 / np.hypot(1, 0.2), abs=1e-3)


def test_a_rare_word_counts_more_than_a_common_one(index: Index) -> None:
    common = [point(f"parcel number {n}", 1) for n in range(8)]
    rare = point("lockers for your delivery", 1)
    index.upsert([*common, rare])
    found = index.search_lexical(query_weights(words("parcel lockers")), 3, Filters())
    assert found[0].id == rare.id
    assert len(found) == 3


def test_no_words_find_nothing(index: Index) -> None:
    index.upsert([point("parcel", 1)])
    assert index.search_lexical({}, 5, Filters()) == []
    assert index.search_lexical(query_weights(["zeppelin"]), 5, Filters()) == []


def test_writing_a_point_again_replaces_it_and_deleting_removes_it(index: Index) -> None:
    one, other = point("old words", 1), point("other", 0, 1)
    index.upsert([one, other])
    index.upsert([Point(one.id, one.vectors, passage_weights(words("new words")))])
    assert index.count() == 2
    assert not index.search_lexical(query_weights(["old"]), 5, Filters())
    index.delete([one.id])
    assert list(index.ids()) == [other.id]


def test_customers_never_find_internal_articles(index: Index) -> None:
    shown, hidden = point("a", 1), point("b", 1, audience="internal")
    index.upsert([shown, hidden])
    question = np.array([1, 0, 0, 0], np.float32)
    assert [m.id for m in index.search_dense("m", question, 5, Filters())] == [shown.id]
    assert len(index.search_dense("m", question, 5, Filters(audience="internal"))) == 2


def test_articles_are_found_only_while_they_are_valid(index: Index) -> None:
    today = point("a", 1, valid_from=NOON - timedelta(days=1), valid_until=NOON + timedelta(days=1))
    always = point("b", 0.5, 0.5)
    index.upsert([today, always])
    question = np.array([1, 0, 0, 0], np.float32)

    def found(at: datetime) -> set[str]:
        return {match.id for match in index.search_dense("m", question, 5, Filters(at=at))}

    assert found(NOON) == {today.id, always.id}
    assert found(NOON + timedelta(days=2)) == {always.id}
    assert found(NOON - timedelta(days=2)) == {always.id}


def test_a_language_can_be_asked_for_and_the_unknown_always_passes(index: Index) -> None:
    german, french, unknown = (
        point("a", 1, language="de"),
        point("b", 1, language="fr"),
        point("c", 1),
    )
    index.upsert([german, french, unknown])
    found = index.search_dense(
        "m", np.array([1, 0, 0, 0], np.float32), 5, Filters(languages=("de", "en"))
    )
    assert {match.id for match in found} == {german.id, unknown.id}


def test_a_search_can_be_limited_to_what_another_found(index: Index) -> None:
    points = [point("parcel", 1, n / 10) for n in range(6)]
    index.upsert(points)
    some = [points[2].id, points[4].id]
    dense = index.search_dense("m", np.array([1, 0, 0, 0], np.float32), 6, Filters(), some)
    lexical = index.search_lexical(query_weights(["parcel"]), 6, Filters(), some)
    assert {m.id for m in dense} == {m.id for m in lexical} == set(some)
    assert index.search_dense("m", np.array([1, 0, 0, 0], np.float32), 6, Filters(), []) == []


def test_the_engine_in_process_survives_a_restart_and_has_one_owner(tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path / "index", {"m": 4})
    kept = point("parcel", 1)
    index.upsert([kept])
    with pytest.raises(IndexBusy, match="owns the index"):
        EdgeIndex(tmp_path / "index", {"m": 4})
    index.close()
    index = EdgeIndex(tmp_path / "index", {"m": 4})
    assert list(index.ids()) == [kept.id]
    index.close()
