"""Qdrant's engine in this process."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import qdrant_edge as edge

from knowledge.embed import Vectors
from knowledge.index.base import (
    KEYWORDS,
    TIMES,
    WORDS,
    Filters,
    IndexBusy,
    Match,
    Point,
    Words,
    payload,
)

PAGE = 1000


class EdgeIndex:
    """Qdrant's engine in this process. One process owns the folder at a time."""

    def __init__(self, folder: Path, dimensions: Mapping[str, int]) -> None:
        self._writing = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        made = (folder / "edge_config.json").exists()
        try:
            if made:
                self._shard = edge.EdgeShard.load(str(folder))
            else:
                self._shard = edge.EdgeShard.create(str(folder), _edge_config(dimensions))
                self._index_fields()
        except Exception as refused:
            if "WouldBlock" not in str(refused) and "WAL" not in str(refused):
                raise
            raise IndexBusy(
                "Another process of this installation owns the index. Stop it, or let it do this."
            ) from refused

    def _index_fields(self) -> None:
        kinds = edge.PayloadSchemaType
        for name in KEYWORDS:
            self._shard.update(edge.UpdateOperation.create_field_index(name, kinds.Keyword))
        for name in TIMES:
            self._shard.update(edge.UpdateOperation.create_field_index(name, kinds.Float))

    def upsert(self, points: Sequence[Point]) -> None:
        made = [
            edge.Point(
                id=point.id,
                vector={
                    **{name: vector.tolist() for name, vector in point.vectors.items()},
                    WORDS: edge.SparseVector(list(point.words), list(point.words.values())),
                },
                payload=payload(point),
            )
            for point in points
        ]
        with self._writing:
            self._shard.update(edge.UpdateOperation.upsert_points(made))

    def delete(self, ids: Sequence[str]) -> None:
        with self._writing:
            self._shard.update(edge.UpdateOperation.delete_points(list(ids)))

    def search_dense(
        self,
        model: str,
        vector: Vectors,
        k: int,
        filters: Filters,
        among: Sequence[str] | None = None,
    ) -> list[Match]:
        return self._search(vector.tolist(), model, k, filters, among)

    def search_lexical(
        self, words: Words, k: int, filters: Filters, among: Sequence[str] | None = None
    ) -> list[Match]:
        if not words:
            return []
        query = edge.SparseVector(list(words), list(words.values()))
        return self._search(query, WORDS, k, filters, among)

    def _search(
        self, query: Any, using: str, k: int, filters: Filters, among: Sequence[str] | None
    ) -> list[Match]:
        if k < 1:
            return []
        request = edge.QueryRequest(
            limit=k,
            query=edge.Query.Nearest(query, using=using),
            filter=_edge_filter(filters, among),
        )
        return [Match(str(found.id), found.score) for found in self._shard.query(request)]

    def count(self) -> int:
        return int(self._shard.count(edge.CountRequest(exact=True)))

    def ids(self) -> Iterator[str]:
        offset = None
        while True:
            page = edge.ScrollRequest(
                offset=offset, limit=PAGE, with_payload=False, with_vector=False
            )
            points, offset = self._shard.scroll(page)
            yield from (str(point.id) for point in points)
            if offset is None:
                return

    def optimize(self) -> None:
        with self._writing:
            self._shard.optimize()

    def close(self) -> None:
        with self._writing:
            self._shard.flush()
            self._shard.close()


def _edge_config(dimensions: Mapping[str, int]) -> edge.EdgeConfig:
    return edge.EdgeConfig(
        vectors={
            name: edge.EdgeVectorParams(size=size, distance=edge.Distance.Cosine)
            for name, size in dimensions.items()
        },
        sparse_vectors={WORDS: edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)},
    )


def _edge_filter(filters: Filters, among: Sequence[str] | None) -> edge.Filter:
    at = filters.at.timestamp()
    must: list[Any] = [
        edge.FieldCondition("from", range=edge.RangeFloat(lte=at)),
        edge.FieldCondition("until", range=edge.RangeFloat(gt=at)),
    ]
    if filters.audience == "public":
        must.append(edge.FieldCondition("audience", match=edge.MatchValue("public")))
    if filters.languages:
        must.append(edge.FieldCondition("language", match=edge.MatchAny(["", *filters.languages])))
    if among is not None:
        must.append(edge.HasIdCondition(set(among)))
    return edge.Filter(must=must)
