/** The middle of the page: one channel or direct conversation. */

import { fill, h, refill } from "../dom.js";
import { icon } from "../icons.js";
import { api, failure } from "../api.js";
import { loadRoom, markRead } from "../events.js";
import { channelTitle, inOrder, nameOf, onlyInThread, state } from "../store.js";
import { route } from "../route.js";
import { avatar } from "./avatar.js";
import { Composer } from "./composer.js";
import { bookmarkBar, channelHead } from "./header.js";
import { MessageList } from "./messages.js";
import { toast } from "./toasts.js";

let current = null;

/** Shows a channel; draws it again when it is already shown. */
export function showConversation(main, id, { head = null } = {}) {
  const key = `${state.me}/${id}/${Boolean(head)}`;
  if (current?.key !== key || !main.contains(current.list.node)) open(main, id, key, head);
  draw();
}

/** Forgets what is shown, because something else takes its place. */
export function leaveConversation() {
  current = null;
}

function open(main, id, key, head) {
  const channel = state.channels.get(id);
  const list = new MessageList({ label: `Messages in ${channelTitle(channel)}`, testid: "messages" });
  const top = h("div", { class: "head-box" });
  const foot = h("div", { class: "foot-box" });
  fill(main, top, list.node, foot);
  main.setAttribute("aria-label", channelTitle(channel));
  current = {
    key, id, list, top, foot, head, unread: channel?.unread ?? 0, firstUnread: null, mode: null, version: 0,
  };
  load(id, key);
}

async function load(id, key) {
  const answer = await loadRoom(id);
  if (answer.error) toast(failure(answer, "Opening this channel"));
  if (current?.key !== key) return;
  const messages = visible(state.rooms.get(id));
  const others = messages.filter((message) => message.user !== state.me);
  current.firstUnread = current.unread ? others.at(-current.unread)?.ts ?? null : null;
  draw();
  current.list.toEnd();
  if (route.at) current.list.show(route.at);
}

function visible(room) {
  return room ? inOrder(room.messages).filter((message) => !onlyInThread(message)) : [];
}

function draw() {
  const { id, list, top, foot } = current;
  const channel = state.channels.get(id);
  if (!channel) return;
  const room = state.rooms.get(id);
  drawTop(channel, room, top);
  const { firstUnread, version } = current;
  if (room) list.draw(visible(room), { channel: id, pins: room.pins, firstUnread, version, intro: intro(channel) });
  drawFoot(channel, foot);
  markRead(id);
}

function drawTop(channel, room, top) {
  const { name, topic, members, is_archived } = channel;
  const about = [name, topic, members, is_archived, room?.pins, room?.members, room?.bookmarks];
  const key = JSON.stringify([about, state.online, current.version]);
  if (current.topKey === key) return;
  current.topKey = key;
  const head = current.head ? current.head() : channelHead(channel, room, showMessage);
  refill(top, head, bookmarkBar(room?.bookmarks), offline());
}

/** Draws every message anew, because names changed. */
export function redrawAll() {
  if (current) current.version += 1;
}

function offline() {
  if (state.online) return null;
  return h("div", { class: "offline", role: "status", "data-testid": "offline" },
    "The connection to the workspace is lost. Trying again…");
}

let introNode = { key: "", node: null };

function intro(channel) {
  const key = `${channel.id}/${channel.name}/${channel.purpose}/${state.me}`;
  if (introNode.key === key) return introNode.node;
  const node = channel.is_im
    ? h("div", { class: "intro" }, avatar(channel.peer, 56), h("h2", null, nameOf(channel.peer)),
      h("p", { class: "quiet" }, `This is the beginning of your conversation with ${nameOf(channel.peer)}.`))
    : h("div", { class: "intro" },
      h("span", { class: "intro-icon" }, icon(channel.is_private ? "lock" : "hash", 30)),
      h("h2", null, `#${channel.name}`),
      h("p", { class: "quiet" }, channel.purpose || `This is the very beginning of #${channel.name}.`));
  introNode = { key, node };
  return node;
}

function drawFoot(channel, foot) {
  const mode = channel.is_archived
    ? "archived"
    : channel.is_member === false && !channel.is_im ? "guest" : "member";
  const key = `${mode}/${channelTitle(channel)}`;
  if (current.mode === key) return;
  current.mode = key;
  if (mode === "archived") return void fill(foot,
    h("div", { class: "foot-note", "data-testid": "archived" }, icon("lock", 16),
      `#${channel.name} is archived. It can be read, but not written to.`));
  if (mode === "guest") return void fill(foot, guest(channel));
  const box = new Composer({
    channel: channel.id, threadTs: null, placeholder: `Message ${channelTitle(channel)} as ${nameOf(state.me)}`,
    id: "composer",
  });
  fill(foot, box.node);
  if (matchMedia("(min-width: 760px)").matches) box.focus();
}

function guest(channel) {
  const join = async (event) => {
    event.currentTarget.setAttribute("aria-busy", "true");
    const answer = await api.join(channel.id);
    if (!answer.ok) return toast(failure(answer, `Joining #${channel.name}`));
    state.channels.set(channel.id, { ...state.channels.get(channel.id), is_member: true });
    return draw();
  };
  return h("div", { class: "foot-note" },
    h("span", null, "You are looking at ", h("b", null, `#${channel.name}`), "."),
    h("button", { type: "button", class: "button button-primary", "data-testid": "join", onclick: join },
      "Join channel"));
}

/** Scrolls to a message of the open channel. */
export function showMessage(ts) {
  return current?.list.show(ts) ?? false;
}

/** Whether this channel is the one on show. */
export function isShown(id) {
  return current?.id === id && (route.c === id || Boolean(route.app));
}
