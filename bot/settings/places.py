"""Where rows lie: files, or a table or query of a database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

from bot.adapters.tables.address import Address, is_table
from ops_core.errors import Invalid


def _place(value: Any) -> Any:
    """A text as it stands, once a table's address can be read; a block of url and table or query as one."""
    if isinstance(value, Mapping):
        value = _of_block(value)
    if isinstance(value, str) and is_table(value):
        try:
            Address.parse(value)
        except Invalid as error:
            raise ValueError(f"{error.message} {error.hint}") from None
    return value


def _of_block(block: Mapping[str, Any]) -> str:
    if set(block) not in ({"url", "table"}, {"url", "query"}) or not all(
        isinstance(each, str) and each for each in block.values()
    ):
        raise ValueError("write a block as {url: …, table: …} or {url: …, query: SELECT …}")
    if "#" in block["url"]:
        raise ValueError("in a block, the url names the database alone")
    relation = block["table"] if "table" in block else f"({block['query'].strip().rstrip(';')})"
    return f"{block['url']}#{relation}"


Place = Annotated[str, BeforeValidator(_place, json_schema_input_type=str | dict[str, str])]


def joined_in(predictions: str, labels: str) -> bool:
    """Whether labels can be joined where the predictions lie: both are files, or in one database."""
    if not is_table(predictions) and not is_table(labels):
        return True
    return predictions.partition("#")[0] == labels.partition("#")[0]
