/** Select menus with type-ahead: one choice or many. */

import { debounced, fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { PickList } from "../parts/picklist.js";
import { closePopup, isOpenAt, openPopup } from "../parts/popup.js";
import { chosenField, initial, optionsOf } from "./options.js";

const FEW = 7;

/** A select with one choice. */
export function select(binding) {
  const { element: item } = binding;
  const field = chosenField(item.type);
  let chosen = initial(binding)[0] ?? null;
  if (chosen) binding.remember({ [field]: chosen.payload });
  const label = h("span", { class: "select-label" });
  const clear = dropper("select-clear", "Clear", 14, () => take(null));
  const isChosen = (option) => option.key === chosen?.key;
  const pick = (option) => { closePopup(true); take(option); };
  const anchor = opener(item, [label, clear, icon("down", 16)], () => openList(anchor, binding, { isChosen, pick }));
  const draw = () => {
    fill(label, chosen?.label ?? item.placeholder?.text ?? "Select an option");
    label.classList.toggle("placeholder", !chosen);
    clear.hidden = !(chosen && binding.waits && binding.block.optional);
    anchor.dataset.value = chosen?.key ?? "";
  };
  const take = async (option) => {
    const same = option?.key === chosen?.key;
    chosen = option;
    draw();
    if (!same || !binding.waits) await binding.change({ [field]: option?.payload ?? null }, anchor);
  };
  draw();
  return anchor;
}

/** A select with many choices, shown as chips; the app hears of them when the list closes. */
export function multiSelect(binding) {
  const { element: item } = binding;
  const field = chosenField(item.type);
  let chosen = initial(binding);
  let changed = false;
  const value = () => ({ [field]: chosen.map((option) => option.payload) });
  if (chosen.length) binding.remember(value());
  const chips = h("span", { class: "chips" });
  const isChosen = (option) => chosen.some((one) => one.key === option.key);
  const closed = () => {
    if (changed) binding.change(value(), anchor);
    changed = false;
  };
  const pick = (option) => {
    const full = item.max_selected_items && chosen.length >= item.max_selected_items;
    if (full && !isChosen(option)) return;
    chosen = isChosen(option) ? chosen.filter((one) => one.key !== option.key) : [...chosen, option];
    changed = true;
    binding.remember(value());
    draw();
    if (!isOpenAt(anchor)) closed();
  };
  const show = () => openList(anchor, binding, { many: true, isChosen, pick, closed });
  const anchor = opener(item, [chips, icon("down", 16)], show);
  const hint = () => h("span", { class: "placeholder" }, item.placeholder?.text ?? "Select options");
  const draw = () => fill(chips, chosen.length ? chosen.map((option) => chip(option, pick)) : hint());
  draw();
  return anchor;
}

function dropper(className, label, size, run) {
  const press = (event) => { event.stopPropagation(); run(); };
  const attributes = { class: className, role: "button", "aria-label": label, title: label, onclick: press };
  return h("span", attributes, icon("close", size));
}

function chip(option, remove) {
  return h("span", { class: "chip", "data-value": option.key }, option.label,
    dropper("chip-drop", `Remove ${option.label}`, 12, () => remove(option)));
}

function opener(item, content, show) {
  const keys = (event) => {
    if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    show();
  };
  const anchor = h("button", {
    type: "button", class: "control select", role: "combobox", "aria-haspopup": "listbox", "aria-expanded": "false",
    "aria-label": item.placeholder?.text ?? null, "data-testid": "select", onkeydown: keys,
    onclick: () => (isOpenAt(anchor) ? closePopup(true) : show()),
  }, content);
  return anchor;
}

function rowOf(isChosen) {
  return (option, before) => ({
    above: option.group && option.group !== before?.group ? h("div", { class: "option-group" }, option.group) : null,
    selected: isChosen(option),
    data: { "data-value": option.key },
    content: [
      h("span", { class: "option-label" }, option.label),
      option.note ? h("span", { class: "option-note" }, option.note) : null,
      isChosen(option) ? icon("check", 16) : null,
    ],
  });
}

async function openList(anchor, binding, { many = false, isChosen, pick, closed = null }) {
  const external = binding.element.type.includes("external");
  const search = h("input", {
    class: "control select-search", type: "text", role: "combobox", "aria-expanded": "true", autocomplete: "off",
    "aria-label": "Search options", placeholder: "Search", "data-testid": "select-search",
  });
  const choose = (option) => { pick(option); if (many) list.show(list.items, { at: list.at }); };
  const list = new PickList({ field: search, label: "Options", rowOf: rowOf(isChosen), take: choose, many });
  const load = async () => {
    const found = await optionsOf(binding, search.value);
    const at = search.value ? 0 : Math.max(0, (found ?? []).findIndex(isChosen));
    list.show(found ?? [], { at, otherwise: found ? "No matches" : "Type to search" });
  };
  search.addEventListener("input", external ? debounced(load, 200) : load);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Tab") closePopup(true);
    if (list.arrow(event) || event.key !== "Enter" || !list.marked) return;
    event.preventDefault();
    choose(list.marked);
  });
  await load();
  const few = !external && list.items.length <= FEW;
  const box = h("div", { class: `select-box${few ? " select-few" : ""}` }, search, list.node);
  openPopup(anchor, box, { label: "Options", closed });
  search.focus({ preventScroll: true });
  list.mark(list.at);
}
