"""The only reader of the dashboards: marts through the Read Redis, live state from it, the health of the pipeline."""

from functools import cached_property
from typing import Any

import streamlit as st
from sqlalchemy import Select

from timecontrol.clock import Clock, SystemClock
from timecontrol.serving.read_cache import ReadCache
from timecontrol.serving.reads import Reads
from timecontrol.serving.redis_client import read_redis
from timecontrol.serving.result import Result
from timecontrol.settings import Settings, load_settings


class Data:
    """Everything that pages read, with the rights of the role `reader`; one for the process, shared by its threads."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock

    @cached_property
    def reads(self) -> Reads:
        """Reads that no run of the models changes, past the cache."""
        return Reads(self.settings)

    @cached_property
    def cache(self) -> ReadCache:
        """Reads of the marts."""
        return ReadCache(self.reads, read_redis(self.settings))

    def read(self, statement: Select[Any]) -> Result:
        """Rows of the marts; the second read between two runs does not reach PostgreSQL. Raises Transient."""
        return self.cache.page(statement)


@st.cache_resource
def data() -> Data:
    """The reader of this process."""
    return Data(load_settings(), SystemClock())
