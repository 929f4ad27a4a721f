/** The small toolbar of a message: react, reply, pin, the app's message shortcuts. */

import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { api, failure } from "../api.js";
import { emoji } from "../text/inline.js";
import { emojiNames, QUICK } from "../text/emoji.js";
import { state } from "../store.js";
import { go } from "../route.js";
import { closePopup, openMenu, openPopup } from "./popup.js";
import { toast } from "./toasts.js";

const MOST = 72;

/** The toolbar; empty for what only the person sees. */
export function messageTools(message, { channel, thread, pinned }) {
  if (message.ephemeral) return null;
  const react = (name) => act(api.react(channel, message.ts, name, mine(message, name)), "The reaction");
  const quick = QUICK.map((name) => tool(`React with ${name.replaceAll("_", " ")}`, emoji(name), () => react(name),
    { "data-react": name }));
  const more = tool("More actions", icon("dots"),
    () => openMenu(more, extras(message, channel, pinned), "More actions"),
    { "aria-haspopup": "menu", "data-testid": "message-more" });
  const pick = tool("Find another reaction", icon("smile"), () => openPicker(pick, react),
    { "aria-haspopup": "dialog" });
  const reply = thread ? null : tool("Reply in thread", icon("reply"),
    () => go({ c: channel, thread: message.thread_ts ?? message.ts }), { "data-testid": "reply" });
  return h("div", { class: "tools", role: "toolbar", "aria-label": "Message actions" }, quick, pick, reply, more);
}

function tool(label, content, run, data = {}) {
  return h("button", {
    type: "button", class: "icon-button", "aria-label": label, title: label, onclick: run, ...data,
  }, content);
}

function mine(message, name) {
  return Boolean(message.reactions?.find((reaction) => reaction.name === name)?.users?.includes(state.me));
}

async function act(promise, doing) {
  const answer = await promise;
  if (!answer.ok) toast(failure(answer, doing));
}

function extras(message, channel, pinned) {
  const isForMessages = (shortcut) => shortcut.type === "message";
  const shortcuts = state.apps.flatMap((app) => (app.shortcuts ?? []).filter(isForMessages).map((shortcut) => ({
    label: shortcut.name, note: app.name, icon: icon("bolt", 16), data: { "data-shortcut": shortcut.callback_id },
    run: () => act(api.shortcut(shortcut.callback_id, { channel, message_ts: message.ts }), shortcut.name),
  })));
  return [
    {
      label: pinned ? "Unpin from channel" : "Pin to channel", icon: icon("pin", 16),
      data: { "data-testid": "pin" }, run: () => act(api.pin(channel, message.ts, pinned), "Pinning"),
    },
    { label: "Copy link", icon: icon("link", 16), run: () => copyLink(channel, message.ts) },
    ...shortcuts,
  ];
}

function copyLink(channel, ts) {
  const place = new URLSearchParams({ as: state.me, c: channel, at: ts });
  navigator.clipboard.writeText(`${location.origin}/#${place}`).then(() => toast("Link copied.", "info"), () => toast("The browser did not allow copying."));
}

function openPicker(anchor, react) {
  const grid = h("div", { class: "emoji-grid" });
  const choice = (name) => h("button", {
    type: "button", class: "icon-button", "aria-label": name.replaceAll("_", " "), title: `:${name}:`,
    "data-react": name, onclick: () => { closePopup(true); react(name); },
  }, emoji(name));
  const found = (words) => emojiNames(words.trim().replaceAll(" ", "_")).slice(0, MOST);
  const draw = (words) => fill(grid, found(words).map(choice));
  const search = h("input", {
    class: "control", type: "text", placeholder: "Search emoji", "aria-label": "Search emoji",
    oninput: () => draw(search.value),
  });
  draw("");
  openPopup(anchor, h("div", { class: "emoji-picker" }, search, grid), { label: "Emoji", width: 300 });
  search.focus();
}
