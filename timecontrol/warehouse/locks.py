"""The advisory locks of the database, in one place: two parts that chose the same number would wait for each other for ever."""

from enum import IntEnum, unique


@unique
class AdvisoryLock(IntEnum):
    """Numbers of advisory locks; arbitrary, but unlike those of other software that shares the database."""

    MIGRATE = 7_201_966
    RELAY_OUTBOX = 7_201_967
    COMPUTE = 7_201_968
    LOAD_POLICIES = 7_201_969
