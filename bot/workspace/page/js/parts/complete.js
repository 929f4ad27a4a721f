/** Completion in the composer: a list of suggestions while one types, the usage of a command afterwards. */

import { fill, h } from "../dom.js";
import { PickList } from "./picklist.js";
import { allCommands, suggestions } from "./suggest.js";

function rowOf(item) {
  return {
    data: item.data ?? {},
    content: [
      h("span", { class: "option-lead" }, item.lead),
      h("span", { class: "option-label" }, h("b", null, item.title),
        item.hint ? h("span", { class: "usage-hint" }, ` ${item.hint}`) : null,
        item.below ? h("span", { class: "option-below" }, item.below) : null),
      item.note ? h("span", { class: "option-note" }, item.note) : null,
    ],
  };
}

function keysFoot() {
  return h("div", { class: "complete-foot" }, h("kbd", null, "↑"), h("kbd", null, "↓"), " to choose ",
    h("kbd", null, "Tab"), " to take ", h("kbd", null, "Esc"), " to close");
}

function usageLine(command) {
  return h("div", { class: "usage", "data-testid": "usage" }, h("b", null, command.command),
    h("span", { class: "usage-hint" }, command.usage_hint ?? ""),
    h("span", { class: "quiet" }, command.description ?? ""));
}

/** Completion of a text field; the list appears in `box`. */
export class Completion {
  constructor(input, box) {
    Object.assign(this, { input, box, token: "" });
    this.list = new PickList({
      field: input, label: "Suggestions", rowOf, take: (item) => this.take(item), className: "complete", testid: "completion",
    });
    input.setAttribute("aria-autocomplete", "list");
    input.addEventListener("input", () => this.refresh());
    input.addEventListener("blur", () => this.close());
  }

  refresh() {
    const { token, items } = suggestions(this.input.value.slice(0, this.input.selectionStart));
    this.token = token;
    this.draw(items);
  }

  draw(items) {
    this.input.setAttribute("aria-expanded", String(items.length > 0));
    this.list.show(items, { foot: keysFoot() });
    const typed = /^(\/[\w-]+)\s/.exec(this.input.value)?.[1];
    const command = allCommands().find((each) => each.command === typed);
    this.box.hidden = !items.length && !command;
    fill(this.box, items.length ? this.list.node : command ? usageLine(command) : null);
    this.list.mark(this.list.at);
  }

  close() {
    this.draw([]);
  }

  take(item) {
    const end = this.input.selectionStart;
    this.input.setRangeText(`${item.exact} `, end - this.token.length, end, "end");
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Says whether the key was for the list. */
  key(event) {
    const { marked } = this.list;
    if (!marked) return false;
    if (this.list.arrow(event)) return true;
    const takes = event.key === "Tab" || (event.key === "Enter" && this.token !== marked.exact);
    if (takes) this.take(marked);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}
