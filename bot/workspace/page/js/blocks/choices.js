/** Radio buttons and checkboxes. */

import { freshId, h } from "../dom.js";
import { textObject } from "../text/mrkdwn.js";

/** The group of a `radio_buttons` or `checkboxes` element. */
export function choices(binding) {
  const { element: item } = binding;
  const many = item.type === "checkboxes";
  const options = item.options ?? [];
  const chosen = new Set(startOf(binding, many).map((option) => option.value));
  const name = freshId("choice");
  const tell = (event) => {
    const picked = options.filter((option) => chosen.has(option.value));
    return binding.change(many ? { selected_options: picked } : { selected_option: picked[0] ?? null },
      event.target.closest(".choice"));
  };
  const pick = (option) => (event) => {
    if (!many) chosen.clear();
    if (event.target.checked) chosen.add(option.value);
    else chosen.delete(option.value);
    tell(event);
  };
  return h("div", { class: "choices", role: many ? "group" : "radiogroup" }, options.map((option) =>
    h("label", { class: "choice", "data-value": option.value },
      h("input", {
        type: many ? "checkbox" : "radio", name, checked: chosen.has(option.value), onchange: pick(option),
      }),
      h("span", { class: "choice-words" },
        h("span", { class: "text" }, textObject(option.text)),
        option.description ? h("span", { class: "text quiet" }, textObject(option.description)) : null))));
}

function startOf(binding, many) {
  const { element: item } = binding;
  const kept = binding.recall();
  const start = kept
    ? (many ? kept.selected_options : [kept.selected_option])
    : (many ? item.initial_options : [item.initial_option]);
  const picked = (start ?? []).filter(Boolean);
  if (picked.length) binding.remember(many ? { selected_options: picked } : { selected_option: picked[0] });
  return picked;
}
