/** The head of a channel: name, topic, members, pins, bookmarks. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { channelTitle, nameOf, state } from "../store.js";
import { clock, dayName, moment } from "../text/dates.js";
import { bare, mrkdwn } from "../text/mrkdwn.js";
import { link } from "../text/inline.js";
import { avatar } from "./avatar.js";
import { closePopup, openPopup } from "./popup.js";

/** The button that opens the sidebar on a narrow screen. */
export function drawerButton() {
  return h("button", {
    type: "button", class: "icon-button only-narrow", "aria-label": "Channels and people",
    "data-testid": "open-drawer", onclick: () => document.body.classList.add("drawer-open"),
  }, icon("menu", 22));
}

/** The head of a channel; `jump(ts)` shows a message. */
export function channelHead(channel, room, jump) {
  const members = room?.members?.length ? room.members : channel.members ?? [];
  return h("header", { class: "head", "data-testid": "channel-head" }, drawerButton(),
    h("div", { class: "head-words" },
      h("h1", { class: "head-name", "data-testid": "channel-name" },
        channel.is_im ? avatar(channel.peer, 24) : icon(channel.is_private ? "lock" : "hash", 18),
        h("span", null, channel.is_im ? channelTitle(channel) : channel.name)),
      channel.topic ? h("div", { class: "head-topic text", "data-testid": "topic", title: bare(channel.topic) },
        mrkdwn(channel.topic)) : null),
    h("div", { class: "head-tools" }, channel.is_im ? null : membersButton(members),
      room?.pins?.length ? pinsButton(room, jump) : null));
}

function membersButton(members) {
  const node = h("button", {
    type: "button", class: "head-tool", "aria-label": `${members.length} members`, title: "Members",
    "aria-haspopup": "dialog", "data-testid": "members",
    onclick: () => openPopup(node, memberList(members), { label: "Members", width: 280 }),
  },
    h("span", { class: "pile only-wide" }, members.slice(0, 3).map((id) => avatar(id, 22))),
    h("span", { class: "only-narrow" }, icon("people", 18)), h("span", null, String(members.length)));
  return node;
}

function memberList(members) {
  return h("div", { class: "card-list" }, h("h2", { class: "card-title" }, "Members"), members.map((id) =>
    h("button", { type: "button", class: "card-row", "data-mention": id }, avatar(id, 28),
      h("span", { class: "card-words" }, h("b", null, nameOf(id)),
        h("span", { class: "quiet" }, state.users.get(id)?.title ?? "")))));
}

function pinsButton(room, jump) {
  const count = room.pins.length;
  const node = h("button", {
    type: "button", class: "head-tool", "aria-label": `${count} pinned`, title: "Pinned messages",
    "aria-haspopup": "dialog", "data-testid": "pins",
    onclick: () => openPopup(node, pinList(room, jump), { label: "Pinned messages", width: 380 }),
  },
    icon("pin", 17), h("span", null, String(count)));
  return node;
}

function pinList(room, jump) {
  const pinned = room.pins.map((ts) => room.messages.get(ts)).filter(Boolean);
  const row = (message) => h("button", {
    type: "button", class: "card-row card-pin", "data-pin-ts": message.ts,
    onclick: () => { closePopup(); jump(message.ts); },
  },
    avatar(message.user, 28), h("span", { class: "card-words" },
      h("span", { class: "card-line" }, h("b", null, nameOf(message.user)),
        h("span", { class: "quiet" }, ` ${dayName(moment(message.ts))}, ${clock(moment(message.ts))}`)),
      h("span", { class: "card-text" }, excerpt(message))));
  return h("div", { class: "card-list" }, h("h2", { class: "card-title" }, "Pinned messages"), pinned.map(row));
}

/** The first words of a message. */
export function excerpt(message) {
  const words = bare(message.text) || message.files?.[0]?.title || "A message without words";
  return words.length > 160 ? `${words.slice(0, 159)}…` : words;
}

/** The bar of bookmarks, if there are any. */
export function bookmarkBar(bookmarks) {
  if (!bookmarks?.length) return null;
  return h("nav", {
    class: "bookmarks", "aria-label": "Bookmarks", "data-testid": "bookmarks",
  }, bookmarks.map((bookmark) =>
    h("span", { class: "bookmark" }, icon("bookmark", 14),
      bookmark.link ? link(bookmark.link, bookmark.title) : bookmark.title)));
}
