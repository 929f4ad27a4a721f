/** Slack's `rich_text` block: sections, lists, quotes, preformatted text. */

import { h } from "../dom.js";
import { broadcast, channelMention, date, emoji, link, personMention } from "../text/inline.js";

/** The nodes of a rich text block. */
export function richText(block) {
  return h("div", { class: "rich" }, (block.elements ?? []).map(part));
}

function part(element) {
  const inner = element.elements ?? [];
  if (element.type === "rich_text_list") return richList(element);
  if (element.type === "rich_text_preformatted") return h("pre", { class: "pre" }, inner.map(piece));
  if (element.type === "rich_text_quote") return h("blockquote", { class: "quote" }, inner.map(piece));
  return h("div", { class: "rich-section" }, inner.map(piece));
}

function richList(element) {
  const ordered = element.style === "ordered";
  const depth = element.indent ?? 0;
  const start = ordered && element.offset ? { start: element.offset + 1 } : {};
  return h(ordered ? "ol" : "ul", {
    class: `list depth-${Math.min(depth, 3)}`, style: { "--depth": String(depth) }, ...start,
  },
    (element.elements ?? []).map((item) => h("li", null, (item.elements ?? []).map(piece))));
}

const PIECES = {
  text: (element) => element.text,
  link: (element) => link(element.url, element.text || element.url),
  user: (element) => personMention(element.user_id),
  usergroup: (element) => h("span", { class: "mention" }, `@${element.usergroup_id}`),
  channel: (element) => channelMention(element.channel_id),
  emoji: (element) => emoji(element.name),
  broadcast: (element) => broadcast(element.range),
  date: (element) => date(element.timestamp, element.format, element.url, element.fallback ?? ""),
  color: (element) => h("span", { class: "colour" },
    h("span", { class: "swatch", style: { background: element.value } }), element.value),
};

function piece(element) {
  const content = PIECES[element.type]?.(element) ?? element.text ?? "";
  const style = element.style ?? {};
  let node = content;
  if (style.code) node = h("code", { class: "code" }, node);
  if (style.bold) node = h("b", null, node);
  if (style.italic) node = h("i", null, node);
  if (style.strike) node = h("s", null, node);
  return node;
}
