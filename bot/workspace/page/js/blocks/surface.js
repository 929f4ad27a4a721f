/** A surface is where blocks live (a message, a modal, the App Home): it keeps what was filled in and sends presses. */

import { api, failure } from "../api.js";
import { toast } from "../parts/toasts.js";
import { askFirst } from "./confirm.js";

const memory = new Map();

/** The surface of a place; `place` is `{channel, message_ts}` or `{view_id}`. What was filled in survives a redraw. */
export function surfaceOf(kind, place) {
  const key = `${kind}/${place.view_id ?? `${place.channel}/${place.message_ts}`}`;
  if (!memory.has(key)) memory.set(key, {});
  return { kind, place, values: memory.get(key), forget: () => memory.delete(key) };
}

/** Ties one interactive element to its surface; `waits` means that it only counts when a form is submitted. */
export function bind(surface, block, element, waits = false) {
  const slot = () => (surface.values[block.block_id] ??= {});
  return {
    surface, block, element, waits,
    recall: () => surface.values[block.block_id]?.[element.action_id] ?? null,
    remember: (value) => { slot()[element.action_id] = { type: element.type, ...value }; },
    async change(value, control) {
      slot()[element.action_id] = { type: element.type, ...value };
      if (!waits || block.dispatch_action) await press(this, value, control);
    },
  };
}

/** Sends a press, after the question that the element may ask; the control shows that it waits. */
export async function press(binding, value, control) {
  const { surface, block, element } = binding;
  if (control?.getAttribute("aria-busy") === "true") return;
  if (element.confirm && !(await askFirst(element.confirm, control))) return;
  const body = {
    ...surface.place, block_id: block.block_id, action_id: element.action_id, ...value, values: surface.values,
  };
  control?.setAttribute("aria-busy", "true");
  const answer = await api.press(body);
  control?.removeAttribute("aria-busy");
  if (!answer.ok) toast(failure(answer, "This"));
}
