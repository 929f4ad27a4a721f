/** The right panel: one thread with its own composer. */

import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { failure } from "../api.js";
import { loadThread } from "../events.js";
import { channelTitle, inOrder, nameOf, state } from "../store.js";
import { go, route } from "../route.js";
import { Composer } from "./composer.js";
import { MessageList } from "./messages.js";
import { toast } from "./toasts.js";

let current = null;
let version = 0;

/** Opens, redraws or closes the panel as the address says. */
export function drawThread(channel = route.c) {
  const panel = document.getElementById("panel");
  const shown = Boolean(route.thread && channel && state.channels.has(channel));
  panel.hidden = !shown;
  document.body.classList.toggle("thread-open", shown);
  if (!shown) {
    current = null;
    return void fill(panel);
  }
  const key = `${state.me}/${channel}/${route.thread}`;
  if (current?.key !== key) open(panel, channel, route.thread, key);
  draw();
}

/** Draws every message anew, because names changed. */
export function redrawThread() {
  version += 1;
}

function open(panel, channel, ts, key) {
  const list = new MessageList({ label: "Thread", testid: "thread-messages", thread: true });
  const box = new Composer({
    channel, threadTs: ts, placeholder: `Reply as ${nameOf(state.me)}`, id: "thread-composer",
  });
  const close = h("button", {
    type: "button", class: "icon-button", "aria-label": "Close thread", "data-testid": "close-thread",
    onclick: () => go({ thread: null }),
  }, icon("close"));
  fill(panel, h("header", { class: "head" },
    h("div", { class: "head-words" }, h("h2", { class: "head-name" }, "Thread"),
      h("div", { class: "head-topic" }, channelTitle(state.channels.get(channel)))),
    close),
    list.node, h("div", { class: "foot-box" }, box.node));
  current = { key, channel, ts, list };
  loadThread(channel, ts).then((answer) => {
    if (answer.error) toast(failure(answer, "Opening this thread"));
  });
  if (matchMedia("(min-width: 760px)").matches) box.focus();
}

function draw() {
  const messages = state.threads.get(`${current.channel}/${current.ts}`);
  const pins = state.rooms.get(current.channel)?.pins ?? [];
  if (messages) current.list.draw(inOrder(messages), { channel: current.channel, pins, version });
}
