/** A list of messages: grouped by author, divided by day, redrawn only where something changed. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { state } from "../store.js";
import { dayName, moment } from "../text/dates.js";
import { isSystem, messageNode } from "./message.js";

const TOGETHER = 5 * 60;
const NEAR = 48;

/** A scrolling list that stays at its end until the person scrolls up; `draw` may be called as often as one likes. */
export class MessageList {
  constructor({ label, testid, thread = false }) {
    Object.assign(this, { thread, drawn: new Map(), days: new Map(), atEnd: true, top: 0 });
    this.inner = h("div", { class: "list-inner" });
    this.down = h("button", {
      type: "button", class: "to-newest", hidden: true, "data-testid": "to-newest", onclick: () => this.toEnd(),
    }, icon("down", 16), "Newest messages");
    this.box = h("div", {
      class: "message-scroll", role: "log", "aria-label": label, "aria-live": "polite", tabindex: "0",
      "data-testid": testid, onscroll: () => this.scrolled(),
    }, this.inner);
    this.node = h("div", { class: "message-list" }, this.box, this.down);
    const grown = new ResizeObserver(() => { if (this.atEnd) this.toEnd(); });
    grown.observe(this.inner);
    grown.observe(this.box);
  }

  toEnd() {
    this.atEnd = true;
    this.box.scrollTop = this.box.scrollHeight;
    this.top = this.box.scrollTop;
    this.down.hidden = true;
  }

  scrolled() {
    const { box } = this;
    const near = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    if (near) this.atEnd = true;
    else if (box.scrollTop < this.top) this.atEnd = false; // a picture that grows is no reason to let go of the end
    this.top = box.scrollTop;
    if (this.atEnd) this.down.hidden = true;
  }

  /** Shows messages; `context` is `{channel, pins, firstUnread, version, intro}`. */
  draw(messages, context) {
    const next = new Map();
    const groups = [];
    messages.forEach((message, index) => {
      const last = messages[index - 1];
      if (!last || (!this.thread && !sameDay(message, last))) groups.push({ day: this.dayOf(message), nodes: [] });
      next.set(message.ts, this.entry(message, last, context));
      const dividers = this.thread ? replyDivider(index, messages.length) : newDivider(message, context);
      groups.at(-1).nodes.push(...dividers, next.get(message.ts).node);
    });
    const before = [...this.drawn.keys()].at(-1);
    const refocus = focusWithin(this.inner);
    place(this.inner, [...(context.intro ? [context.intro] : []), ...groups.map((group) => this.dayGroup(group))]);
    this.drawn = next;
    refocus();
    this.followUp(messages.at(-1), before);
  }

  followUp(last, before) {
    const fresh = last && before && last.ts > before;
    if (fresh && last.user === state.me && !last.ephemeral) this.atEnd = true;
    if (this.atEnd) this.toEnd();
    else if (fresh) this.down.hidden = false;
  }

  entry(message, last, context) {
    const compact = !this.thread && goesWith(message, last, context);
    const pinned = context.pins?.includes(message.ts) ?? false;
    const key = `${compact}/${pinned}/${context.version}`;
    const old = this.drawn.get(message.ts);
    if (old?.message === message && old.key === key) return old;
    const node = messageNode(message, { channel: context.channel, compact, pinned, thread: this.thread });
    return { message, key, node };
  }

  dayOf(message) {
    return this.thread ? "" : dayName(moment(message.ts));
  }

  dayGroup({ day, nodes }) {
    if (!this.days.has(day)) {
      const pill = day ? h("div", { class: "day", role: "separator" }, h("span", null, day)) : null;
      this.days.set(day, { pill, box: h("section", { class: day ? "day-group" : "thread-group" }) });
    }
    const { pill, box } = this.days.get(day);
    place(box, pill ? [pill, ...nodes] : nodes);
    return box;
  }

  /** Scrolls to a message and lights it up for a moment. */
  show(ts) {
    const found = this.drawn.get(ts)?.node;
    if (!found) return false;
    this.atEnd = false;
    found.scrollIntoView({ block: "center" });
    found.classList.remove("flash");
    requestAnimationFrame(() => found.classList.add("flash"));
    return true;
  }
}

function place(box, nodes) {
  const wanted = new Set(nodes);
  [...box.children].forEach((child) => { if (!wanted.has(child)) child.remove(); });
  nodes.forEach((node, index) => {
    if (box.children[index] !== node) box.insertBefore(node, box.children[index] ?? null);
  });
}

/** Remembers what has the focus inside `box`; gives a function that restores it after a redraw. */
function focusWithin(box) {
  const active = document.activeElement;
  if (!box.contains(active)) return () => {};
  const ts = active.closest("[data-ts]")?.dataset.ts ?? "";
  const action = active.closest("[data-action-id]")?.dataset.actionId;
  return () => {
    if (box.contains(document.activeElement)) return;
    const home = box.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
    const control = action ? home?.querySelector(`[data-action-id="${CSS.escape(action)}"]`) : null;
    (control ?? home)?.focus({ preventScroll: true });
  };
}

function sameDay(one, other) {
  return moment(one.ts).toDateString() === moment(other.ts).toDateString();
}

function replyDivider(index, count) {
  if (index !== 1) return [];
  const words = count === 2 ? "1 reply" : `${count - 1} replies`;
  return [h("div", { class: "reply-divider" }, h("span", null, words))];
}

function newDivider(message, context) {
  if (message.ts !== context.firstUnread) return [];
  return [h("div", { class: "new-line", role: "separator" }, h("span", null, "New"))];
}

function goesWith(message, last, context) {
  if (!last || isSystem(message) || isSystem(last) || !sameDay(message, last)) return false;
  if (message.ts === context.firstUnread || context.pins?.includes(message.ts) || last.reply_count) return false;
  const gap = Number.parseFloat(message.ts) - Number.parseFloat(last.ts);
  const same = message.user === last.user && message.username === last.username;
  return same && gap < TOGETHER && Boolean(message.ephemeral) === Boolean(last.ephemeral);
}
