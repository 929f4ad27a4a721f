/** Tables: the `table` block and Markdown's tables. */

import { h } from "../dom.js";
import { plain } from "../text/mrkdwn.js";
import { richText } from "./richtext.js";

/** A table whose first row is its head; `aligns` per column, `wraps` per column. */
export function table(rows, aligns = [], wraps = []) {
  const cell = (tag) => (content, column) =>
    h(tag, { class: wraps[column] ? "cell wraps" : "cell", style: { "text-align": aligns[column] ?? "left" } },
      content);
  const [head, ...body] = rows;
  return h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table" },
    h("table", { class: "table" },
      h("thead", null, h("tr", null, (head ?? []).map(cell("th")))),
      h("tbody", null, body.map((row) => h("tr", null, row.map(cell("td")))))));
}

/** Slack's `table` block. */
export function tableBlock(block) {
  const settings = block.column_settings ?? [];
  const rows = (block.rows ?? []).map((row) => row.map(cellContent));
  return table(rows, settings.map((column) => column?.align ?? "left"),
    settings.map((column) => column?.is_wrapped));
}

function cellContent(cell) {
  if (cell.type === "rich_text") return richText(cell);
  return plain(cell.text ?? String(cell.value ?? ""));
}
