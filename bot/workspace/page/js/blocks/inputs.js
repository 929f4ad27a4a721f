/** Input blocks: label, field, hint, error. */

import { freshId, h } from "../dom.js";
import { textObject } from "../text/mrkdwn.js";
import { element } from "./elements.js";
import { bind, press } from "./surface.js";

const TYPED = { plain_text_input: "text", number_input: "text", email_text_input: "email", url_text_input: "url" };

/** One input block with its error, when the surface has one for it. */
export function inputBlock(block, surface) {
  const item = block.element ?? {};
  const error = surface.errors?.[block.block_id] ?? null;
  const ids = { label: freshId("label"), hint: freshId("hint"), error: freshId("error") };
  const field = item.type in TYPED || item.type === "rich_text_input"
    ? typed(bind(surface, block, item, true))
    : element(item, block, surface, true);
  field.dataset.actionId = item.action_id ?? "";
  field.setAttribute("aria-labelledby", ids.label);
  field.setAttribute("aria-describedby", [error ? ids.error : "", block.hint ? ids.hint : ""].join(" ").trim());
  if (error) field.setAttribute("aria-invalid", "true");
  if (!block.optional) field.setAttribute("aria-required", "true");
  return h("div", { class: `field-row${error ? " has-error" : ""}` },
    h("label", { class: "label", id: ids.label, onclick: () => field.focus?.() }, textObject(block.label),
      block.optional ? h("span", { class: "optional" }, " (optional)") : null),
    field,
    error ? h("p", { class: "field-error", id: ids.error, "data-testid": "field-error", role: "alert" },
      error) : null,
    block.hint ? h("p", { class: "hint", id: ids.hint }, textObject(block.hint)) : null);
}

function typed(binding) {
  const { element: item, block } = binding;
  const tall = item.multiline || item.type === "rich_text_input";
  const start = binding.recall() ? shown(binding.recall()) : startOf(item);
  if (start) binding.remember(asState(item, start));
  const on = item.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const node = h(tall ? "textarea" : "input", {
    class: `control${tall ? " control-tall" : ""}`, type: tall ? null : TYPED[item.type], rows: tall ? "4" : null,
    value: start, autocomplete: "off",
    inputmode: item.type === "number_input" ? "decimal" : null, placeholder: item.placeholder?.text ?? null,
    maxlength: item.max_length ?? null, "data-focus": item.focus_on_load ? "true" : null,
    oninput: () => {
      binding.remember(asState(item, node.value));
      if (block.dispatch_action && on.includes("on_character_entered")) press(binding, asState(item, node.value),
        null);
    },
    onkeydown: (event) => {
      if (event.key !== "Enter" || !block.dispatch_action || !on.includes("on_enter_pressed") || tall) return;
      event.preventDefault();
      press(binding, asState(item, node.value), node);
    },
  });
  return node;
}

function startOf(item) {
  return typeof item.initial_value === "object" ? flat(item.initial_value) : String(item.initial_value ?? "");
}

function flat(rich) {
  const words = (part) => (part.elements ?? []).map((piece) => piece.text ?? "").join("");
  return (rich?.elements ?? []).map(words).join("\n");
}

function shown(kept) {
  return kept.rich_text_value ? flat(kept.rich_text_value) : kept.value ?? "";
}

function asState(item, text) {
  if (item.type !== "rich_text_input") return { value: text === "" ? null : text };
  const section = { type: "rich_text_section", elements: [{ type: "text", text }] };
  return { rich_text_value: text ? { type: "rich_text", elements: [section] } : null };
}

const EMPTY = new Set([null, undefined, ""]);

/** Errors a form shows before it is sent: what is required and still empty, numbers that are none. */
export function missing(blocks, values) {
  const errors = {};
  for (const block of blocks.filter((each) => each.type === "input")) {
    const kept = values[block.block_id]?.[block.element?.action_id] ?? {};
    const content = Object.entries(kept).find(([key]) => key !== "type")?.[1];
    const empty = EMPTY.has(content) || (Array.isArray(content) && !content.length);
    if (empty && !block.optional) errors[block.block_id] = "Please complete this required field.";
    else if (!empty) Object.assign(errors, wrong(block, content));
  }
  return errors;
}

function wrong(block, content) {
  const item = block.element;
  const say = (words) => ({ [block.block_id]: words });
  if (item.type === "number_input") return wrongNumber(item, content, say);
  if (item.type === "email_text_input" && !/^\S+@\S+$/.test(content)) return say("Please enter an email address.");
  if (item.type === "url_text_input" && !/^https?:\/\/\S+$/i.test(content)) {
    return say("Please enter a web address, with https://.");
  }
  if (item.min_length && content.length < item.min_length) {
    return say(`Please enter at least ${item.min_length} characters.`);
  }
  return {};
}

function wrongNumber(item, content, say) {
  const number = Number(content);
  if (Number.isNaN(number)) return say("Please enter a number.");
  if (!item.is_decimal_allowed && !Number.isInteger(number)) return say("Please enter a whole number.");
  const { min_value: least = -Infinity, max_value: most = Infinity } = item;
  if (number < Number(least)) return say(`Please enter ${least} or more.`);
  if (number > Number(most)) return say(`Please enter ${most} or less.`);
  return {};
}
