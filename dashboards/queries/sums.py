"""Small pieces of SQL that several questions use."""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, cast, func
from sqlalchemy.orm import InstrumentedAttribute

from dashboards.filters import Filters

#: What pages ask: a typed SELECT, whatever its columns.
Question = Select[*tuple[Any, ...]]

# Rows of a table on one page of it: what a person reads before narrowing the filter.
PAGE_ROWS = 100

#: How many rows there are on all pages together; read it from any row.
ALL_ROWS = func.count().over().label("all_rows")


def total(column: InstrumentedAttribute[int]) -> ColumnElement[int]:
    """The sum of whole numbers as a whole number, 0 where there is none."""
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


def one_page(statement: Question, page: int) -> Question:
    """The rows of one page, the first page is 1."""
    return statement.limit(PAGE_ROWS).offset((page - 1) * PAGE_ROWS)


def within(column: InstrumentedAttribute[date], filters: Filters) -> ColumnElement[bool]:
    """The workdays of the period."""
    return column.between(filters.first_day, filters.last_day)
