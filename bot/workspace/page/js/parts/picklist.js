/** A list of options of which one is marked: arrow keys move the mark, a click takes an option. */

import { fill, freshId, h } from "../dom.js";

/**
 * Belongs to a text field (`field`), which keeps the focus. `rowOf(item, itemBefore)` says what a row is:
 * `{content, above, selected, data}`.
 */
export class PickList {
  constructor({ field, label, rowOf, take, many = false, className = "options", testid = null }) {
    Object.assign(this, { field, rowOf, take, items: [], at: 0, id: freshId("list") });
    this.node = h("div", {
      class: className, role: "listbox", id: this.id, "aria-label": label, "data-testid": testid,
      "aria-multiselectable": many ? "true" : null,
    });
    field.setAttribute("aria-controls", this.id);
  }

  /** Shows items with a mark on one of them; `otherwise` is said when there are none, `foot` stands beneath. */
  show(items, { at = 0, otherwise = "", foot = null } = {}) {
    this.items = items;
    this.at = at;
    const none = items.length ? null : h("div", { class: "option-none" }, otherwise);
    fill(this.node, none, items.map((item, index) => this.row(item, index)), foot);
    this.mark(at);
  }

  row(item, index) {
    const { content, above = null, selected = false, data = {} } = this.rowOf(item, this.items[index - 1]);
    return [above, h("div", {
      class: "option", role: "option", id: `${this.id}-${index}`, "aria-selected": String(selected), ...data,
      onpointerdown: (event) => event.preventDefault(), // the field keeps the focus
      onpointermove: () => this.mark(index, false),
      onclick: () => this.take(item),
    }, content)];
  }

  mark(at, scroll = true) {
    this.at = at;
    const rows = [...this.node.querySelectorAll(".option")];
    rows.forEach((row, index) => row.classList.toggle("option-at", index === at));
    if (scroll) rows[at]?.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", rows[at]?.id ?? "");
  }

  /** What is marked, if anything. */
  get marked() {
    return this.items[this.at] ?? null;
  }

  /** Moves the mark when the key is an arrow; says whether it was. */
  arrow(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const count = this.items.length;
    if (!step || !count) return false;
    event.preventDefault();
    this.mark((this.at + step + count) % count);
    return true;
  }
}
