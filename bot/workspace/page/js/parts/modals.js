/** Modals: the stack of views that an app has opened for this person. */

import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { api, failure } from "../api.js";
import { renderBlocks } from "../blocks/blocks.js";
import { missing } from "../blocks/inputs.js";
import { surfaceOf } from "../blocks/surface.js";
import { plain } from "../text/mrkdwn.js";
import { changed, state } from "../store.js";
import { avatar } from "./avatar.js";
import { closePopup } from "./popup.js";
import { toast } from "./toasts.js";

const errors = new Map();
let dialog = null;
let shown = null;
let busy = false;

/** Shows the view on top of the stack, or nothing. */
export function drawModals() {
  const view = state.views.at(-1) ?? null;
  if (!view) return shut();
  const fresh = shown?.id !== view.id;
  if (!fresh && shown === view) return undefined;
  closePopup();
  const keep = fresh ? null : standing();
  dialog ??= make();
  shown = view;
  if (fresh) busy = false;
  fill(dialog, head(view), body(view), foot(view));
  dialog.dataset.viewId = view.id;
  dialog.dataset.callbackId = view.callback_id ?? "";
  dialog.setAttribute("aria-label", view.title?.text ?? "Form");
  if (!dialog.open) dialog.showModal();
  return fresh ? firstFocus() : keep();
}

function make() {
  const node = h("dialog", { class: "modal", "data-testid": "modal" });
  node.addEventListener("cancel", (event) => { event.preventDefault(); if (!busy) close(); });
  node.addEventListener("keydown", (event) => {
    const line = event.target.matches("input.control:not([role=combobox])") || event.metaKey || event.ctrlKey;
    if (event.key !== "Enter" || event.defaultPrevented || !line) return;
    event.preventDefault();
    submit();
  });
  const touched = (event) => {
    const row = event.target.closest(".field-row");
    if (row) clearErrors(shown, row);
  };
  node.addEventListener("input", touched);
  node.addEventListener("change", touched);
  document.body.append(node);
  return node;
}

function shut() {
  if (!dialog) return;
  dialog.close();
  dialog.remove();
  dialog = null;
  shown = null;
}

function standing() {
  const scroll = dialog.querySelector(".modal-body")?.scrollTop ?? 0;
  const active = dialog.contains(document.activeElement) ? document.activeElement : null;
  const action = active?.closest("[data-action-id]")?.dataset.actionId;
  const range = active && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  return () => {
    const box = dialog.querySelector(".modal-body");
    if (box) box.scrollTop = scroll;
    const again = action ? dialog.querySelector(`[data-action-id="${CSS.escape(action)}"]`) : null;
    again?.focus({ preventScroll: true });
    const takesRange = again?.matches("textarea, input[type=text], input[type=url]");
    if (takesRange && range && range[0] !== null) again.setSelectionRange(...range);
  };
}

function firstFocus() {
  const wishes = ["[data-focus]", ".modal-body :is(input, textarea, button.select)", ".modal-foot .button-primary"];
  const wanted = wishes.map((wish) => dialog.querySelector(wish)).find(Boolean);
  (wanted ?? dialog).focus();
}

function head(view) {
  const back = state.views.length > 1 ? h("button", {
    type: "button", class: "icon-button", "aria-label": "Back", onclick: close,
  }, icon("back")) : appMark(view);
  return h("header", { class: "modal-head" }, back, h("h2", { class: "modal-title", "data-testid": "modal-title" },
    plain(view.title?.text)),
    h("button", {
      type: "button", class: "icon-button", "aria-label": "Close", "data-testid": "modal-close", onclick: close,
    }, icon("close")));
}

function appMark(view) {
  const app = state.apps.find((each) => each.id === view.app_id) ?? state.apps[0];
  return app ? avatar(app.bot_user_id, 26) : null;
}

function body(view) {
  const surface = surfaceOf("modal", { view_id: view.id });
  surface.errors = errors.get(view.id) ?? {};
  return h("div", { class: "modal-body", tabindex: "-1" }, renderBlocks(view.blocks, surface));
}

function foot(view) {
  const inputs = (view.blocks ?? []).some((block) => block.type === "input");
  const submitText = view.submit?.text ?? (inputs ? "Submit" : null);
  return h("footer", { class: "modal-foot" },
    h("button", { type: "button", class: "button", "data-testid": "modal-cancel", onclick: close },
      plain(view.close?.text ?? (submitText ? "Cancel" : "Close"))),
    submitText ? h("button", {
      type: "button", class: "button button-primary", "data-testid": "modal-submit",
      "aria-busy": busy ? "true" : null, onclick: submit,
    }, h("span", { class: "button-label" }, plain(submitText))) : null);
}

async function close() {
  const view = shown;
  if (!view) return;
  surfaceOf("modal", { view_id: view.id }).forget();
  errors.delete(view.id);
  state.views = state.views.filter((open) => open.id !== view.id);
  changed("views");
  await api.close(view.id);
}

function setBusy(yes) {
  busy = yes;
  const button = dialog?.querySelector("[data-testid=modal-submit]");
  if (yes) button?.setAttribute("aria-busy", "true");
  else button?.removeAttribute("aria-busy");
}

async function submit() {
  const view = shown;
  if (!view || busy || !dialog.querySelector("[data-testid=modal-submit]")) return;
  const { values } = surfaceOf("modal", { view_id: view.id });
  const lacking = missing(view.blocks ?? [], values);
  if (Object.keys(lacking).length) return showErrors(view, lacking);
  clearErrors(view, dialog);
  setBusy(true);
  const answer = await api.submit(view.id, values);
  setBusy(false);
  if (answer.errors && Object.keys(answer.errors).length) showErrors(view, answer.errors);
  else if (!answer.ok) toast(failure(answer, "Sending this form"));
  else errors.delete(view.id);
}

function clearErrors(view, box) {
  errors.delete(view.id);
  box.querySelectorAll(".field-error").forEach((node) => node.remove());
  box.querySelectorAll("[aria-invalid]").forEach((node) => node.removeAttribute("aria-invalid"));
}

function showErrors(view, found) {
  errors.set(view.id, found);
  if (shown?.id !== view.id) return;
  shown = { ...state.views.at(-1) };
  state.views = [...state.views.slice(0, -1), shown];
  const box = dialog.querySelector(".modal-body");
  const scroll = box.scrollTop;
  box.replaceWith(body(shown));
  dialog.querySelector(".modal-body").scrollTop = scroll;
  const first = dialog.querySelector("[aria-invalid=true]");
  first?.scrollIntoView({ block: "center" });
  first?.focus();
}
