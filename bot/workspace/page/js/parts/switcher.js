/** Ctrl or Cmd + K: go to a channel, a person or an app by typing a part of its name. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { directWith, nameOf, people, state } from "../store.js";
import { go } from "../route.js";
import { avatar } from "./avatar.js";
import { PickList } from "./picklist.js";
import { openDirect } from "./sidebar.js";

const MOST = 12;

function channelPlace(channel) {
  const note = channel.is_archived ? "archived" : channel.is_member === false ? "not joined" : "";
  const lead = icon(channel.is_private ? "lock" : "hash", 18);
  const run = () => go({ c: channel.id });
  return { id: channel.id, name: channel.name, note, lead, unread: channel.unread ?? 0, run };
}

function personPlace(user) {
  const unread = directWith(user.id)?.unread ?? 0;
  const run = () => openDirect(user.id);
  return { id: user.id, name: nameOf(user.id), note: user.title ?? "", lead: avatar(user.id, 22), unread, run };
}

function appPlace(app) {
  const run = () => go({ app: app.id, tab: null });
  return { id: app.id, name: app.name, note: "app", lead: avatar(app.bot_user_id, 22), unread: 0, run };
}

function places() {
  const channels = [...state.channels.values()].filter((channel) => !channel.is_im);
  const others = people().filter((user) => user.id !== state.me);
  return [...channels.map(channelPlace), ...others.map(personPlace), ...state.apps.map(appPlace)];
}

function matches(words) {
  const parts = words.toLowerCase().replace(/^[#@]/, "").split(/\s+/).filter(Boolean);
  const found = places().filter((place) => parts.every((part) => place.name.toLowerCase().includes(part)));
  const begins = (place) => parts[0] && place.name.toLowerCase().startsWith(parts[0]);
  const rank = (place) => (begins(place) ? 0 : 2) + (place.unread ? 0 : 1);
  return found.sort((one, other) => rank(one) - rank(other)).slice(0, MOST);
}

function rowOf(place) {
  return {
    data: { "data-place": place.id },
    content: [
      h("span", { class: "option-lead" }, place.lead),
      h("span", { class: `option-label${place.unread ? " option-strong" : ""}` }, place.name),
      h("span", { class: "option-note" }, place.note),
    ],
  };
}

/** Opens the switcher. */
export function openSwitcher() {
  if (document.querySelector("dialog[open]")) return;
  const search = h("input", {
    class: "switch-input", type: "text", role: "combobox", "aria-expanded": "true", "aria-label": "Go to",
    placeholder: "Where do you want to go?", "data-testid": "switch-input",
  });
  const take = (place) => { dialog.close(); place.run(); };
  const list = new PickList({ field: search, label: "Places", rowOf, take });
  const dialog = h("dialog", {
    class: "modal switcher", "aria-label": "Go to a channel or a person", "data-testid": "switcher",
  }, search, list.node);
  const draw = () => list.show(matches(search.value), { otherwise: "Nothing has that name." });
  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => {
    if (list.arrow(event) || event.key !== "Enter" || !list.marked) return;
    event.preventDefault();
    take(list.marked);
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
  draw();
  search.focus();
}
