"""Descriptions of hot documents in the Read Redis, `doc:{document_id}` as JSON; never an old one over a new one.

A change writes the new description (or that it is gone) over an older one, whichever of two changes comes here first;
a reader that missed stores what it read only where nothing was written meanwhile.
"""

from typing import cast

from pydantic import BaseModel
from redis import Redis

from timecontrol.serving.documents import Document
from timecontrol.serving.redis_client import BestEffortRedis

# Also the bound on what a reader sees after a change that Redis could not be told of.
LIFE_SECONDS = 60

# Store what a change has made, unless a later version or the end of the document is known.
# KEYS: the document; ARGV: value, version, life in seconds.
STORE_LATER = """
local found = redis.call('GET', KEYS[1])
if found then
    local known = cjson.decode(found).document
    if known == cjson.null or known.version >= tonumber(ARGV[2]) then return 0 end
end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[3])
return 1
"""


class Cached(BaseModel):
    """What is known of a document; None: it was deleted."""

    document: Document | None


class DocumentCache:
    """Cache-aside; without Redis every read is a miss."""

    def __init__(self, redis: Redis) -> None:
        self._redis = BestEffortRedis(redis)

    def get(self, document_id: str) -> Cached | None:
        """What the cache knows, None for nothing."""
        found = self._redis.attempt(lambda redis: cast("bytes | None", redis.get(key(document_id))))
        return None if found is None else Cached.model_validate_json(found)

    def fill(self, document: Document) -> None:
        """Store what was read from MongoDB, unless a change was faster."""
        value = Cached(document=document).model_dump_json()
        self._redis.attempt(lambda redis: redis.set(key(document.document_id), value, nx=True, ex=LIFE_SECONDS))

    def changed(self, document_id: str, document: Document | None) -> None:
        """Store what a change has made of a document (None: deleted); call it after the change."""
        name, value = key(document_id), Cached(document=document).model_dump_json()
        if document is None:
            self._redis.attempt(lambda redis: redis.set(name, value, ex=LIFE_SECONDS))
        else:
            version = document.version
            self._redis.attempt(lambda redis: redis.eval(STORE_LATER, 1, name, value, version, LIFE_SECONDS))


def key(document_id: str) -> str:
    """Where a document's description is."""
    return f"doc:{document_id}"
