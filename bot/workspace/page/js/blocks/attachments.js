/** Legacy attachments with their colour bar. */

import { h } from "../dom.js";
import { clock, fully, moment } from "../text/dates.js";
import { link } from "../text/inline.js";
import { mrkdwn, plain } from "../text/mrkdwn.js";
import { picture } from "../parts/files.js";
import { renderBlocks } from "./blocks.js";

const COLOURS = { good: "var(--good)", warning: "var(--warn)", danger: "var(--bad)" };

/** All attachments of a message. */
export function renderAttachments(attachments, surface) {
  return (attachments ?? []).map((attachment) => h("div", { class: "attachment-whole" },
    attachment.pretext ? h("div", { class: "text" }, mrkdwn(attachment.pretext)) : null,
    h("div", { class: "attachment", style: { "--bar": colour(attachment.color) } },
      h("div", { class: "attachment-words" },
        attachment.blocks?.length ? renderBlocks(attachment.blocks, surface) : classic(attachment)),
      attachment.thumb_url ? h("img", { class: "attachment-thumb", src: attachment.thumb_url, alt: "" }) : null)));
}

function colour(name) {
  if (!name) return "var(--line-strong)";
  return COLOURS[name] ?? (name.startsWith("#") ? name : `#${name}`);
}

function classic(item) {
  if (!item.title && !item.text && !item.fields && !item.image_url) return h("div", { class: "text" },
    mrkdwn(item.fallback ?? ""));
  return [
    item.author_name ? h("div", { class: "attachment-author" },
      item.author_link ? link(item.author_link, item.author_name) : item.author_name) : null,
    item.title ? h("div", { class: "attachment-title" },
      item.title_link ? link(item.title_link, plain(item.title)) : plain(item.title)) : null,
    item.text ? h("div", { class: "text" }, mrkdwn(item.text)) : null,
    item.fields?.length ? h("div", { class: "fields" }, item.fields.map(field)) : null,
    item.image_url ? picture({ url: item.image_url, alt: item.fallback ?? "" }) : null,
    item.footer || item.ts ? foot(item) : null,
  ];
}

function field(item) {
  return h("div", { class: item.short === false ? "field field-long" : "field" },
    h("div", { class: "field-title" }, item.title), h("div", { class: "text" }, mrkdwn(item.value)));
}

function foot(item) {
  const at = item.ts ? moment(item.ts) : null;
  return h("div", { class: "attachment-foot" }, item.footer ?? "", item.footer && at ? " · " : "",
    at ? h("time", { title: fully(at) }, clock(at)) : null);
}
