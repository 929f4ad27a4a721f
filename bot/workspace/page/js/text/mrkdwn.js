/** Turns Slack's mrkdwn into DOM nodes. */

import { fragment, h } from "../dom.js";
import { emoji, reference, unescapeText } from "./inline.js";

const MARKS = { "*": "b", _: "i", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;
const BULLET = /^(\s*)(•|◦|▪︎|-)\s+/;
const NUMBERED = /^(\s*)(\d{1,3}\.)\s+/;

/** The nodes of a whole mrkdwn text; `verbatim` leaves out nothing but formatting of emoji. */
export function mrkdwn(text) {
  const parts = String(text ?? "").split(/```/);
  const closed = parts.length % 2 === 1;
  return fragment(parts.map((part, index) => {
    const code = index % 2 === 1 && (closed || index < parts.length - 1);
    if (code) return h("pre", { class: "pre" }, references(part.replace(/^\n|\n$/g, "")));
    const lead = index % 2 === 1 ? "```" : "";
    return paragraphs(trimAround(lead + part, index > 0, index < parts.length - 1));
  }));
}

function trimAround(text, before, after) {
  const start = before ? text.replace(/^\n/, "") : text;
  return after ? start.replace(/\n$/, "") : start;
}

/** Text of a `text` object: `mrkdwn` is formatted, `plain_text` only has emoji. */
export function textObject(text) {
  if (!text) return fragment();
  if (text.type === "mrkdwn") return mrkdwn(text.text);
  return fragment(plain(text.text, text.emoji !== false));
}

/** Plain text with emoji names; line breaks are kept by CSS. */
export function plain(text, emojis = true) {
  const words = String(text ?? "");
  if (!emojis) return [words];
  return words.split(/(:[a-z0-9_+-]+:)/).map((part, index) => (index % 2 ? emoji(part.slice(1, -1)) : part));
}

function paragraphs(text) {
  const out = [];
  let quote = [];
  const flush = () => {
    if (quote.length) out.push(h("blockquote", { class: "quote" }, lines(quote)));
    quote = [];
  };
  let run = [];
  const flushRun = () => {
    if (run.length) out.push(...lines(run));
    run = [];
  };
  for (const line of text === "" ? [] : text.split("\n")) {
    const quoted = /^(?:&gt;|>)(?!&gt;|>)\s?(.*)$/.exec(line);
    if (quoted) { flushRun(); quote.push(quoted[1]); } else { flush(); run.push(line); }
  }
  flush();
  flushRun();
  return out;
}

function lines(rows) {
  return rows.map((row, index) => {
    const item = BULLET.exec(row) ?? NUMBERED.exec(row);
    if (item) return listLine(item, row.slice(item[0].length));
    const plainNext = index < rows.length - 1 && !BULLET.test(rows[index + 1]) && !NUMBERED.test(rows[index + 1]);
    return [inline(row), plainNext || row === "" ? h("br") : null];
  }).flat();
}

function listLine([, indent, mark], rest) {
  const depth = Math.min(4, Math.floor(indent.length / 2));
  return h("span", { class: "list-line", style: { "--depth": String(depth) } },
    h("span", { class: "list-mark" }, mark === "-" ? "•" : mark), h("span", null, inline(rest)));
}

/** One line of mrkdwn as nodes. */
export function inline(text) {
  const out = [];
  let words = "";
  const flush = () => {
    if (words) out.push(unescapeText(words));
    words = "";
  };
  for (let at = 0; at < text.length;) {
    const found = token(text, at);
    if (found) { flush(); out.push(found.node); at = found.end; } else { words += text[at]; at += 1; }
  }
  flush();
  return out;
}

function token(text, at) {
  const character = text[at];
  if (character === "<") return angle(text, at);
  if (character === "`") return code(text, at);
  if (character === ":") return emojiToken(text, at);
  return MARKS[character] ? marked(text, at, character) : null;
}

function angle(text, at) {
  const end = text.indexOf(">", at);
  if (end < 0 || end === at + 1) return null;
  const inside = text.slice(at + 1, end);
  return /^[@#!]|^[a-z][a-z0-9+.-]*:/i.test(inside) ? { node: reference(inside), end: end + 1 } : null;
}

function code(text, at) {
  const end = text.indexOf("`", at + 1);
  if (end <= at + 1) return null;
  return { node: h("code", { class: "code" }, references(text.slice(at + 1, end))), end: end + 1 };
}

function emojiToken(text, at) {
  const found = /^:([a-z0-9_+-]+)(?:::skin-tone-\d)?:/.exec(text.slice(at, at + 64));
  if (!found || /[0-9]/.test(text[at - 1] ?? "")) return null;
  return { node: emoji(found[1]), end: at + found[0].length };
}

function marked(text, at, mark) {
  if (WORD.test(text[at - 1] ?? "") || /\s/.test(text[at + 1] ?? " ") || text[at + 1] === mark) return null;
  for (let end = text.indexOf(mark, at + 2); end > 0; end = text.indexOf(mark, end + 1)) {
    if (inReference(text, at, end)) continue;
    const closes = !/\s/.test(text[end - 1]) && !WORD.test(text[end + 1] ?? "");
    if (closes) return { node: h(MARKS[mark], null, inline(text.slice(at + 1, end))), end: end + 1 };
  }
  return null;
}

function inReference(text, from, at) {
  const open = text.lastIndexOf("<", at);
  const ticks = text.slice(from, at).split("`").length - 1;
  return (open >= from && text.indexOf(">", open) > at) || ticks % 2 === 1;
}

function references(text) {
  const parts = text.split(/(<[^<>\n]+>)/);
  return parts.map((part, index) => (index % 2 ? reference(part.slice(1, -1)) : unescapeText(part)));
}

/** The text of a message without any formatting, for previews and titles. */
export function bare(text) {
  const holder = h("div", null, mrkdwn(text));
  return holder.textContent.replace(/\s+/g, " ").trim();
}
