"""Writes a query as the text that an engine reads, with its values: behind Ibis there are no parameters."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.sql.compiler import GenericTypeCompiler, IdentifierPreparer, SQLCompiler


class _SparkNames(IdentifierPreparer):
    """Names stand between backticks."""

    def __init__(self, dialect: sa.Dialect, **_: Any) -> None:
        super().__init__(dialect, initial_quote="`")


class _SparkTypes(GenericTypeCompiler):
    """Texts are strings."""

    def visit_TEXT(self, type_: sa.Text, **_: Any) -> str:
        """Without a length."""
        return "STRING"


class _SparkValues(SQLCompiler):
    """A backslash in a text is one of its escapes."""

    def render_literal_value(self, value: Any, type_: Any, **options: Any) -> str:
        """Texts with their escapes; everything else as in standard SQL."""
        if isinstance(value, str):
            escaped = value.replace("\\", "\\\\").replace("'", "\\'")
            return f"'{escaped}'"
        return super().render_literal_value(value, type_, **options)


class _Spark(DefaultDialect):
    statement_compiler = _SparkValues
    type_compiler_cls = _SparkTypes
    preparer = _SparkNames  # type: ignore[assignment]  # it is given a dialect, whatever its annotation says


STANDARD: sa.Dialect = DefaultDialect(paramstyle="named", supports_native_boolean=True)
SPARK: sa.Dialect = _Spark(paramstyle="named", supports_native_boolean=True)


def spelled(query: sa.Select[Any], dialect: sa.Dialect) -> str:
    """The query with its values quoted and escaped by the compiler."""
    return str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
