/** Standard Markdown (the `markdown` block, .md files) as DOM nodes: what people write in reports, no raw HTML. */

import { h } from "../dom.js";
import { link, withEmoji } from "./inline.js";
import { table } from "../blocks/table.js";

const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const RULE = /^\s*([-*_])(\s*\1){2,}\s*$/;
const FENCE = /^\s*(```|~~~)(.*)$/;
const DELIMITERS = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/** The nodes of a Markdown text. */
export function markdown(text) {
  const lines = String(text ?? "").replace(/\r\n?/g, "\n").replace(/<!--[\s\S]*?-->/g, "").split("\n");
  const out = [];
  let at = 0;
  while (at < lines.length) {
    const [node, next] = blockAt(lines, at);
    if (node) out.push(node);
    at = next;
  }
  return out;
}

function blockAt(lines, at) {
  const line = lines[at];
  if (!line.trim()) return [null, at + 1];
  if (FENCE.test(line)) return fenced(lines, at);
  const heading = /^(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line);
  if (heading) return [title(heading[1].length, heading[2]), at + 1];
  if (RULE.test(line)) return [h("hr", { class: "divider" }), at + 1];
  if (/^\s*>/.test(line)) return quoted(lines, at);
  if (ITEM.test(line)) return list(lines, at);
  if (line.includes("|") && DELIMITERS.test(lines[at + 1] ?? "-x")) return grid(lines, at);
  return paragraph(lines, at);
}

function title(level, words) {
  return h(`h${Math.min(6, level + 1)}`, { class: `md-h md-h${level}` }, inlineMarkdown(words));
}

function take(lines, at, wanted) {
  let end = at;
  while (end < lines.length && wanted(lines[end], end)) end += 1;
  return end;
}

function fenced(lines, at) {
  const fence = FENCE.exec(lines[at])[1];
  const end = take(lines, at + 1, (line) => !line.trim().startsWith(fence));
  return [h("pre", { class: "pre" }, lines.slice(at + 1, end).join("\n")), end + 1];
}

function quoted(lines, at) {
  const end = take(lines, at, (line) => /^\s*>/.test(line));
  const inside = lines.slice(at, end).map((line) => line.replace(/^\s*>\s?/, ""));
  return [h("blockquote", { class: "quote" }, markdown(inside.join("\n"))), end];
}

function list(lines, at) {
  const [, indent, mark] = ITEM.exec(lines[at]);
  const ordered = /\d/.test(mark);
  const items = [];
  let end = at;
  while (end < lines.length) {
    const item = ITEM.exec(lines[end]);
    if (!item || item[1].length !== indent.length || /\d/.test(item[2]) !== ordered) break;
    const stop = take(lines, end + 1, (line) => /^\s+\S/.test(line) && leading(line) > indent.length);
    items.push(listItem(item[3], lines.slice(end + 1, stop)));
    end = stop;
    if (!lines[end]?.trim() && ITEM.test(lines[end + 1] ?? "")) end += 1;
  }
  const start = ordered && Number.parseInt(mark, 10) !== 1 ? { start: Number.parseInt(mark, 10) } : {};
  return [h(ordered ? "ol" : "ul", { class: "list", ...start }, items), end];
}

function leading(line) {
  return line.length - line.trimStart().length;
}

function listItem(first, rest) {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(first);
  const box = task ? h("input", { type: "checkbox", disabled: true, checked: task[1] !== " " }) : null;
  const shift = Math.min(...rest.filter((line) => line.trim()).map(leading));
  const below = markdown(rest.map((line) => line.slice(shift)).join("\n"));
  return h("li", task ? { class: "task" } : null, box, inlineMarkdown(task ? task[2] : first), below);
}

function cells(line) {
  return line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function grid(lines, at) {
  const end = take(lines, at + 2, (line) => line.includes("|") && line.trim() !== "");
  const aligns = cells(lines[at + 1]).map(alignment);
  const rows = [lines[at], ...lines.slice(at + 2, end)].map((line) => cells(line).map(inlineMarkdown));
  return [table(rows, aligns), end];
}

function alignment(mark) {
  if (!mark.endsWith(":")) return "left";
  return mark.startsWith(":") ? "center" : "right";
}

const BEGINS = [FENCE, /^#{1,6}\s/, /^\s*>/, ITEM];

function paragraph(lines, at) {
  const stops = (line, index) => !line.trim() || (index > at && BEGINS.some((pattern) => pattern.test(line)));
  const end = Math.max(at + 1, take(lines, at, (line, index) => !stops(line, index)));
  const words = lines.slice(at, end).map((line, index) => [index ? h("br") : null, inlineMarkdown(line.trim())]);
  return [h("p", { class: "md-p" }, words), end];
}

const TOKENS = [
  [/^`([^`]+)`/, (found) => h("code", { class: "code" }, found[1])],
  [/^!\[([^\]]*)\]\(([^\s)]+)[^)]*\)/, (found) => link(found[2], found[1] || found[2])],
  [/^\[((?:[^[\]]|\[[^\]]*\])*)\]\(<?([^\s)>]+)>?[^)]*\)/, (found) => link(found[2], inlineMarkdown(found[1]))],
  [/^<(https?:[^\s>]+)>/, (found) => link(found[1], found[1])],
  [/^\*\*(?=\S)([\s\S]*?\S)\*\*/, (found) => h("b", null, inlineMarkdown(found[1]))],
  [/^__(?=\S)([\s\S]*?\S)__(?!\w)/, (found) => h("b", null, inlineMarkdown(found[1]))],
  [/^~~(?=\S)([\s\S]*?\S)~~/, (found) => h("s", null, inlineMarkdown(found[1]))],
  [/^\*(?=[^\s*])([^*]*[^\s*])\*/, (found) => h("i", null, inlineMarkdown(found[1]))],
  [/^_(?=[^\s_])([^_]*[^\s_])_(?!\w)/, (found) => h("i", null, inlineMarkdown(found[1]))],
  [/^https?:\/\/[^\s<>)]+[^\s<>).,;:!?]/, (found) => link(found[0], found[0])],
  [/^\\([\\`*_{}[\]()#+\-.!|~<>])/, (found) => document.createTextNode(found[1])],
];

/** One line of Markdown as nodes. */
export function inlineMarkdown(text) {
  const out = [];
  let words = "";
  const flush = () => {
    if (words) out.push(...withEmoji(words));
    words = "";
  };
  for (let at = 0; at < text.length;) {
    const found = tokenAt(text, at);
    if (found) { flush(); out.push(found.node); at += found.length; } else { words += text[at]; at += 1; }
  }
  flush();
  return out;
}

function tokenAt(text, at) {
  if (!"`![<*_~h\\".includes(text[at])) return null;
  if ("_h".includes(text[at]) && /\w/.test(text[at - 1] ?? "")) return null;
  const rest = text.slice(at);
  for (const [pattern, build] of TOKENS) {
    const found = pattern.exec(rest);
    if (found) return { node: build(found), length: found[0].length };
  }
  return null;
}
