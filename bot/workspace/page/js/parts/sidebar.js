/** The sidebar: workspace, channels, direct messages, apps. */

import { h, refill } from "../dom.js";
import { icon } from "../icons.js";
import { api, failure } from "../api.js";
import { appOfUser, channelTitle, changed, directWith, nameOf, people, state } from "../store.js";
import { go, route } from "../route.js";
import { avatar } from "./avatar.js";
import { openSwitcher } from "./switcher.js";
import { toast } from "./toasts.js";

/** Draws the sidebar. */
export function drawSidebar() {
  const box = document.getElementById("sidebar");
  const top = box.querySelector(".side-scroll")?.scrollTop ?? 0;
  refill(box, head(), h("div", { class: "side-scroll" }, channels(), directs(), apps()), foot());
  box.querySelector(".side-scroll").scrollTop = top;
}

function head() {
  return h("header", { class: "side-head" },
    h("h1", { class: "side-team", "data-testid": "team" }, state.team.name),
    h("div", { class: "side-me", "data-testid": "acting-as", "data-person": state.me }, "Acting as ",
      h("b", null, nameOf(state.me))),
    h("button", { type: "button", class: "side-search", "data-testid": "open-switcher", onclick: openSwitcher },
      icon("search", 16), h("span", { class: "grow" }, "Jump to…"), h("kbd", null, "Ctrl K")));
}

function group(title, items, extra = null) {
  return h("section", { class: "side-group", "aria-label": title },
    h("div", { class: "side-title" }, h("h2", null, title), extra), items);
}

function entry({ id, title, lead, unread = 0, mentions = 0, active, onclick, data = {}, muted = false }) {
  const label = `${title}${mentions ? `, ${mentions} for you` : unread ? ", unread" : ""}`;
  return h("button", {
    type: "button", class: `side-item${unread || mentions ? " side-unread" : ""}${muted ? " side-muted" : ""}`,
    "aria-current": active ? "page" : null, "aria-label": label,
    "data-unread": String(unread), "data-mentions": String(mentions), ...data,
    ...(id ? { "data-channel-id": id } : {}), onclick,
  }, lead, h("span", { class: "side-name" }, title),
    mentions ? h("span", { class: "badge", "data-testid": "mention-badge" }, String(mentions)) : null);
}

function channelEntry(channel) {
  return entry({
    id: channel.id, title: channel.name, lead: icon(channel.is_private ? "lock" : "hash", 16),
    unread: channel.unread, mentions: channel.mentions,
    active: route.c === channel.id, data: { "data-channel-name": channel.name },
    onclick: () => go({ c: channel.id }),
  });
}

function channels() {
  const all = [...state.channels.values()].filter((channel) => !channel.is_im);
  const mine = all.filter((channel) => channel.is_member !== false && (!channel.is_archived || route.c === channel.id));
  const others = all.filter((channel) => channel.is_member === false && !channel.is_private && !channel.is_archived);
  mine.sort((one, other) => one.name.localeCompare(other.name, "en", { numeric: true }));
  const browse = others.length ? h("button", {
    type: "button", class: "side-item side-muted", "data-testid": "browse", onclick: openSwitcher,
  }, icon("search", 16), h("span", { class: "side-name" }, `Browse ${others.length} more`)) : null;
  return group("Channels", [...mine.map(channelEntry), browse].filter(Boolean));
}

function directs() {
  const others = people().filter((user) => user.id !== state.me);
  return group("Direct messages", others.map((user) => {
    const channel = directWith(user.id);
    return entry({
      id: channel?.id, title: nameOf(user.id), lead: avatar(user.id, 20), unread: channel?.unread,
      mentions: channel?.mentions || channel?.unread,
      active: Boolean(channel) && route.c === channel.id, data: { "data-direct-user": user.id },
      onclick: () => openDirect(user.id),
    });
  }));
}

/** Opens the direct conversation with a user, making it when there is none. */
export async function openDirect(userId) {
  const known = directWith(userId);
  if (known) return go({ c: known.id });
  const id = await makeDirect(userId);
  return id ? go({ c: id }) : undefined;
}

/** Makes the direct conversation with a user; gives its channel id, or null after saying why not. */
export async function makeDirect(userId) {
  const answer = await api.open(userId);
  const channel = answer.channel?.id ? answer.channel : { id: answer.channel };
  if (!answer.ok || !channel.id) {
    toast(failure(answer, "Opening this conversation"));
    return null;
  }
  const known = state.channels.get(channel.id) ?? {
    unread: 0, mentions: 0, members: [state.me, userId], is_member: true,
  };
  state.channels.set(channel.id, { ...known, ...channel, is_im: true, peer: userId });
  changed("workspace");
  return channel.id;
}

function apps() {
  return group("Apps", state.apps.map((app) => {
    const channel = directWith(app.bot_user_id);
    const line = h("span", {
      class: `line ${state.connected ? "line-up" : "line-down"}`,
      title: state.connected ? "Connected" : "Not connected", "data-testid": "app-line",
      "data-connected": String(state.connected),
    });
    const node = entry({
      title: app.name, lead: avatar(app.bot_user_id, 20), unread: channel?.unread,
      mentions: channel?.mentions || channel?.unread,
      active: route.app === app.id || (Boolean(channel) && route.c === channel.id), data: { "data-app-id": app.id },
      onclick: () => go({ app: app.id, tab: channel?.unread || !app.home_tab ? "messages" : "home" }),
    });
    node.append(line);
    return node;
  }));
}

function foot() {
  if (state.connected) return null;
  return h("div", { class: "side-foot", role: "status", "data-testid": "app-offline" },
    h("span", { class: "line line-down" }),
    `${state.apps[0]?.name ?? "The app"} is not connected. Its commands and buttons will not answer.`);
}

/** The name of what is open, for the page's title. */
export function placeTitle() {
  if (route.app) return state.apps.find((app) => app.id === route.app)?.name ?? "App";
  const channel = state.channels.get(route.c);
  return channel?.is_im && appOfUser(channel.peer) ? appOfUser(channel.peer).name : channelTitle(channel);
}
