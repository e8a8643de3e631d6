"""The engine on Elasticsearch 9: the same answers as the embedded one, from a server that several processes share."""

from matching.search.elastic.engine import ElasticEngine

__all__ = ["ElasticEngine"]
