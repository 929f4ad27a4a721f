/** One message: who, when, words, blocks, files, reactions, thread, and what can be done with it. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { api, failure } from "../api.js";
import { renderAttachments } from "../blocks/attachments.js";
import { renderBlocks } from "../blocks/blocks.js";
import { surfaceOf } from "../blocks/surface.js";
import { clock, fully, moment } from "../text/dates.js";
import { mrkdwn } from "../text/mrkdwn.js";
import { emoji } from "../text/inline.js";
import { nameOf, state } from "../store.js";
import { avatar } from "./avatar.js";
import { renderFiles } from "./files.js";
import { messageTools } from "./tools.js";
import { threadSummary } from "./summary.js";
import { toast } from "./toasts.js";

const SYSTEM = new Set(["channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name",
  "channel_archive", "channel_unarchive", "group_join", "group_leave", "group_topic", "group_purpose", "group_name",
  "group_archive", "group_unarchive", "pinned_item", "bot_add"]);

/** Whether a message is the workspace speaking, not a person. */
export function isSystem(message) {
  return SYSTEM.has(message.subtype);
}

/** The node of a message; `compact` leaves out the author, `thread` says that it stands in the thread panel. */
export function messageNode(message, { channel, compact = false, pinned = false, thread = false }) {
  if (isSystem(message)) return systemNode(message);
  if (message.subtype === "tombstone") return tombstone(message, channel, thread);
  const words = h("div", { class: "message-words" }, compact ? null : headLine(message),
    pinned ? h("div", { class: "pinned-line" }, icon("pin", 13), "Pinned") : null,
    message.ephemeral ? h("div", { class: "only-you" }, icon("eye", 14), "Only visible to you") : null,
    content(message, channel), reactions(message, channel), thread ? null : threadSummary(message, channel),
    message.ephemeral ? dismiss(message, channel) : null);
  const classes = ["message", compact ? "compact" : "", pinned ? "pinned" : "",
    message.ephemeral ? "ephemeral" : ""].filter(Boolean).join(" ");
  return h("article", {
    class: classes, "data-ts": message.ts, "data-user": message.user ?? "",
    "data-ephemeral": message.ephemeral ? "true" : null,
    "aria-label": `${author(message)}, ${clock(moment(message.ts))}`, tabindex: "-1",
  },
    h("div", { class: "gutter" }, compact ? time(message) : avatar(message.user, 36)), words,
    messageTools(message, { channel, thread, pinned }));
}

function author(message) {
  return message.username || nameOf(message.user);
}

function time(message) {
  const at = moment(message.ts);
  return h("time", { class: "time", datetime: at.toISOString(), title: fully(at) }, clock(at));
}

function headLine(message) {
  const app = message.bot_id || state.users.get(message.user)?.is_bot;
  return h("div", { class: "message-head" },
    h("button", { type: "button", class: "author", "data-mention": message.user }, author(message)),
    app ? h("span", { class: "app-tag" }, "App") : null, time(message));
}

function content(message, channel) {
  const surface = surfaceOf("message", { channel, message_ts: message.ts });
  const edited = message.edited ? h("span", {
    class: "edited", title: fully(moment(message.edited.ts ?? message.ts)),
  }, " (edited)") : null;
  const body = message.blocks?.length ? h("div", { class: "blocks" },
    renderBlocks(message.blocks, surface)) : message.text ? h("div", {
    class: "text message-text",
  }, mrkdwn(message.text), edited) : null;
  return [body, renderAttachments(message.attachments, surface), renderFiles(message.files),
    message.blocks?.length ? edited : null];
}

function reactions(message, channel) {
  const list = message.reactions ?? [];
  if (!list.length) return null;
  return h("div", { class: "reactions" }, list.map((reaction) => {
    const mine = (reaction.users ?? []).includes(state.me);
    const who = (reaction.users ?? []).map(nameOf).join(", ");
    const label = `${who} reacted with ${reaction.name.replaceAll("_", " ")}`;
    return h("button", {
      type: "button", class: "reaction", "aria-pressed": String(mine), "aria-label": label, title: label,
      "data-reaction": reaction.name, onclick: () => react(channel, message.ts, reaction.name, mine),
    },
      emoji(reaction.name), h("span", null, String(reaction.count ?? reaction.users?.length ?? 1)));
  }));
}

/** Adds or takes back a reaction. */
export async function react(channel, ts, name, remove) {
  const answer = await api.react(channel, ts, name, remove);
  if (!answer.ok) toast(failure(answer, "The reaction"));
}

function dismiss(message, channel) {
  return h("button", {
    type: "button", class: "text-button", "data-testid": "dismiss",
    onclick: () => api.dismiss(channel, message.ts),
  }, "Dismiss message");
}

function systemNode(message) {
  return h("article", {
    class: "message system", "data-ts": message.ts, "data-subtype": message.subtype, tabindex: "-1",
  },
    h("div", { class: "gutter" }, icon(message.subtype === "pinned_item" ? "pin" : "info", 15)),
    h("div", { class: "message-words text" }, mrkdwn(systemWords(message)), " ", time(message)));
}

function tombstone(message, channel, thread) {
  return h("article", { class: "message", "data-ts": message.ts, tabindex: "-1" }, h("div", { class: "gutter" }),
    h("div", { class: "message-words" }, h("span", { class: "quiet" }, "This message was deleted."),
      thread ? null : threadSummary(message, channel)));
}

function systemWords(message) {
  const words = message.text ?? "";
  return words.includes(`<@${message.user}>`) || !message.user ? words : `<@${message.user}> ${words}`;
}
