/** Interactive elements that stand in actions and sections: buttons, menus, dates, choices. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { bare, textObject } from "../text/mrkdwn.js";
import { openMenu } from "../parts/popup.js";
import { choices } from "./choices.js";
import { multiSelect, select } from "./select.js";
import { bind, press } from "./surface.js";

const STYLES = { primary: "button-primary", danger: "button-danger" };

/** One element; `waits` marks an element inside an input block. */
export function element(item, block, surface, waits = false) {
  const binding = bind(surface, block, item, waits);
  const node = build(binding);
  node.dataset.actionId = item.action_id ?? "";
  return node;
}

function build(binding) {
  const { type } = binding.element;
  if (type === "button" || type === "workflow_button") return button(binding);
  if (type === "overflow") return overflow(binding);
  if (type === "radio_buttons" || type === "checkboxes") return choices(binding);
  if (type in DATES) return dated(binding);
  if (type.startsWith("multi_")) return multiSelect(binding);
  if (type.endsWith("_select")) return select(binding);
  return h("span", { class: "quiet" }, `An element of type ${type} cannot be shown here.`);
}

function button(binding) {
  const { element: item } = binding;
  const label = [h("span", { class: "button-label" }, textObject(item.text)),
    item.url ? icon("external", 14) : null];
  const attributes = {
    class: `button ${STYLES[item.style] ?? ""}`, "aria-label": item.accessibility_label ?? null,
    "data-value": item.value ?? null,
  };
  const send = (event) => press(binding, { ...(item.value === undefined ? {} : { value: item.value }) },
    event.currentTarget);
  if (item.url && /^https?:/i.test(item.url)) {
    return h("a", { ...attributes, href: item.url, target: "_blank", rel: "noopener noreferrer", onclick: send },
      label);
  }
  return h("button", { ...attributes, type: "button", onclick: send }, label);
}

function overflow(binding) {
  const { element: item } = binding;
  const run = (option) => {
    if (option.url && /^https?:/i.test(option.url)) open(option.url, "_blank", "noopener");
    press(binding, { selected_option: option }, anchor);
  };
  const items = () => (item.options ?? []).map((option) => ({
    label: bare(option.text.text), data: { "data-value": option.value }, run: () => run(option),
  }));
  const anchor = h("button", {
    type: "button", class: "button button-icon", "aria-label": "More actions", "aria-haspopup": "menu",
    "aria-expanded": "false",
    onclick: () => openMenu(anchor, items(), "More actions"),
  }, icon("dots"));
  return anchor;
}

const DATES = {
  datepicker: { input: "date", field: "selected_date", initial: "initial_date", label: "Date" },
  timepicker: { input: "time", field: "selected_time", initial: "initial_time", label: "Time" },
  datetimepicker: {
    input: "datetime-local", field: "selected_date_time", initial: "initial_date_time", label: "Date and time",
  },
};

function dated(binding) {
  const { element: item } = binding;
  const kind = DATES[item.type];
  const whole = item.type === "datetimepicker";
  const start = binding.recall()?.[kind.field] ?? item[kind.initial] ?? null;
  if (start !== null) binding.remember({ [kind.field]: start });
  const read = (node) => (whole ? Math.round(new Date(node.value).getTime() / 1000) : node.value);
  return h("input", {
    type: kind.input, class: "control control-date", value: whole && start ? localMinutes(start) : start ?? "",
    "aria-label": item.placeholder?.text ?? kind.label,
    onchange: (event) => binding.change({ [kind.field]: event.target.value ? read(event.target) : null },
      event.target),
  });
}

function localMinutes(seconds) {
  const at = new Date(seconds * 1000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
