/** The small things inside a line of text: emoji, links, mentions, dates; each as a DOM node. */

import { h } from "../dom.js";
import { emojiCharacter } from "./emoji.js";
import { fillDate, fully, moment } from "./dates.js";
import { state } from "../store.js";

const SAFE = /^(https?:|mailto:|tel:)/i;
const PERMALINK = /\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})/;

/** `&amp;` `&lt;` `&gt;` as the characters they stand for; Slack knows no other entity. */
export function unescapeText(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
}

/** One emoji by name; an unknown name stays as it was written. */
export function emoji(name) {
  const character = emojiCharacter(name);
  if (!character) return document.createTextNode(`:${name}:`);
  return h("span", {
    class: "emoji", role: "img", "aria-label": `${name.replaceAll("_", " ")} emoji`, title: `:${name}:`,
  }, character);
}

/** Text with its `:emoji:` names replaced. */
export function withEmoji(text) {
  return text.split(/(:[a-z0-9_+-]+(?:::skin-tone-\d)?:)/).map((part) =>
    /^:[^:\s]+.*:$/.test(part) ? emoji(part.slice(1, -1)) : part,
  );
}

/** A link; one with an unsafe scheme stays plain text, one to a message here opens it here. */
export function link(url, label) {
  if (!SAFE.test(url)) return h("span", null, label);
  const place = PERMALINK.exec(url);
  const target = place ? {
    "data-channel-link": place[1], "data-message-link": `${place[2]}.${place[3]}`,
  } : { target: "_blank" };
  return h("a", { href: url, rel: "noopener noreferrer", class: "link", ...target }, label);
}

/** A person's name as others see it. */
export function personName(id) {
  const user = state.users.get(id);
  return user?.real_name || user?.name || id;
}

/** A mention of a person; a click shows who it is. */
export function personMention(id) {
  const mine = id === state.me;
  return h("button", { type: "button", class: `mention${mine ? " mention-me" : ""}`, "data-mention": id },
    `@${personName(id)}`);
}

/** A mention of a channel; a click goes there. */
export function channelMention(id, label = null) {
  const name = state.channels.get(id)?.name ?? label ?? id;
  return h("button", { type: "button", class: "mention", "data-channel-link": id }, `#${name}`);
}

/** A call to everybody. */
export function broadcast(range) {
  return h("span", { class: "mention mention-me" }, `@${range}`);
}

/** A date in the reader's zone, with the whole moment as its tooltip. */
export function date(seconds, pattern, url = null, fallback = "") {
  if (Number.isNaN(Number(seconds))) return document.createTextNode(fallback);
  const node = h("time", { class: "date", datetime: moment(seconds).toISOString(), title: fully(moment(seconds)) },
    fillDate(pattern, seconds));
  return url ? link(url, node) : node;
}

/** What stands between `<` and `>` in mrkdwn. */
export function reference(inside) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? "" : unescapeText(inside.slice(bar + 1));
  if (target.startsWith("@")) return personMention(target.slice(1));
  if (target.startsWith("#")) return channelMention(target.slice(1), label || null);
  if (target.startsWith("!")) return special(target.slice(1), label);
  return link(unescapeText(target), label ? withEmoji(label) : unescapeText(target));
}

function special(command, label) {
  const [name, ...rest] = command.split("^");
  if (name === "date") return date(rest[0], unescapeText(rest[1] ?? ""), rest[2] ? unescapeText(rest[2]) : null,
    label);
  if (name === "subteam") return h("span", { class: "mention" }, label || `@${rest[0]}`);
  return ["here", "channel", "everyone"].includes(name)
    ? broadcast(name)
    : document.createTextNode(label || `<${command}>`);
}
