/** Where one writes: a text field that grows, with completion and a few tools. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { api, failure } from "../api.js";
import { state } from "../store.js";
import { Completion } from "./complete.js";
import { openMenu } from "./popup.js";
import { send } from "./send.js";
import { toast } from "./toasts.js";

const drafts = new Map();

/** A composer for a channel, or for a thread in it; drafts are kept until the page is left. */
export class Composer {
  constructor({ channel, threadTs, placeholder, id }) {
    Object.assign(this, { channel, threadTs, key: `${state.me}/${channel}/${threadTs ?? ""}` });
    const box = h("div", { class: "suggestions", hidden: true });
    this.input = h("textarea", {
      class: "composer-input", id, rows: "1", placeholder, "aria-label": placeholder, "data-testid": id,
      autocomplete: "off", value: drafts.get(this.key) ?? "",
    });
    this.completion = new Completion(this.input, box);
    this.button = h("button", {
      type: "button", class: "composer-send", "aria-label": "Send", title: "Send (Enter)", "data-testid": `${id}-send`,
      onclick: () => this.submit(),
    }, icon("send", 18));
    this.input.addEventListener("input", () => this.put(this.input.value));
    this.input.addEventListener("keydown", (event) => this.keys(event));
    this.node = h("div", { class: "composer" }, box, h("div", { class: "composer-box" }, this.input, this.bar()));
    requestAnimationFrame(() => this.fit());
  }

  bar() {
    return h("div", { class: "composer-bar" },
      this.starter("/", "Slash commands", "code", "commands"),
      this.starter("@", "Mention someone", "at", "mention"),
      this.threadTs ? null : shortcutsButton(),
      h("span", { class: "grow" }),
      h("span", { class: "composer-tip only-wide" }, "Shift + Enter for a new line"),
      this.button);
  }

  starter(character, label, sign, testid) {
    const begin = () => {
      const words = this.input.value;
      const kept = words && !/\s$/.test(words) ? `${words} ` : words;
      this.input.value = character === "/" ? character : kept + character;
      this.input.focus();
      this.input.setSelectionRange(this.input.value.length, this.input.value.length);
      this.input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    return h("button", {
      type: "button", class: "icon-button", "aria-label": label, title: label, "data-testid": testid, onclick: begin,
    }, icon(sign, 17));
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  keys(event) {
    if (event.isComposing || this.completion.key(event)) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    this.submit();
  }

  put(text) {
    if (this.input.value !== text) this.input.value = text;
    drafts.set(this.key, text);
    this.fit();
  }

  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, innerHeight * 0.4)}px`;
    this.button.disabled = !this.input.value.trim();
  }

  async submit() {
    const text = this.input.value.trim();
    if (!text) return;
    this.put("");
    this.completion.close();
    const answer = await send(text, this.channel, this.threadTs);
    if (answer.ok) return;
    toast(answer.said);
    if (!this.input.value) this.put(text);
  }
}

function shortcutsButton() {
  const isGlobal = (shortcut) => shortcut.type === "global";
  const items = state.apps.flatMap((app) => (app.shortcuts ?? []).filter(isGlobal).map((shortcut) => ({
    label: shortcut.name, note: app.name, icon: icon("bolt", 16), data: { "data-shortcut": shortcut.callback_id },
    run: () => runShortcut(shortcut),
  })));
  if (!items.length) return null;
  const node = h("button", {
    type: "button", class: "icon-button", "aria-label": "Shortcuts", title: "Shortcuts", "aria-haspopup": "menu",
    "data-testid": "shortcuts", onclick: () => openMenu(node, items, "Shortcuts"),
  }, icon("bolt", 17));
  return node;
}

async function runShortcut(shortcut) {
  const answer = await api.shortcut(shortcut.callback_id);
  if (!answer.ok) toast(failure(answer, shortcut.name));
}
