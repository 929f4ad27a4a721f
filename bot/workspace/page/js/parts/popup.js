/** Things that open beside a control: menus, pickers, cards. One at a time; Esc or a click outside closes. */

import { h } from "../dom.js";

let open = null;

/** Closes what is open; `refocus` gives the focus back to its anchor. */
export function closePopup(refocus = false) {
  if (!open) return;
  const { node, anchor, closed } = open;
  open = null;
  node.remove();
  anchor.setAttribute("aria-expanded", "false");
  closed?.();
  if (refocus) anchor.focus();
}

/** Whether a popup of this anchor is open. */
export function isOpenAt(anchor) {
  return open?.anchor === anchor;
}

/** Opens `content` beside `anchor`; within a dialog it stays inside it, so that it is not inert. */
export function openPopup(anchor, content, { label, closed = null, width = null, above = false } = {}) {
  closePopup();
  const node = h("div", { class: "popup", popover: "manual", "data-testid": "popup", "aria-label": label ?? null },
    content);
  (anchor.closest("dialog") ?? document.body).append(node);
  node.showPopover();
  open = { node, anchor, closed, width, above };
  anchor.setAttribute("aria-expanded", "true");
  place(open);
  return node;
}

function place({ node, anchor, width, above }) {
  const box = anchor.getBoundingClientRect();
  const margin = 8;
  if (width) node.style.width = `${Math.min(width, innerWidth - 2 * margin)}px`;
  else node.style.minWidth = `${Math.min(box.width, innerWidth - 2 * margin)}px`;
  const roomBelow = innerHeight - box.bottom - margin;
  const roomAbove = box.top - margin;
  const height = node.offsetHeight;
  const up = above || (height > roomBelow && roomAbove > roomBelow);
  node.style.maxHeight = `${Math.max(120, (up ? roomAbove : roomBelow) - 4)}px`;
  node.style.left = `${Math.max(margin, Math.min(box.left, innerWidth - node.offsetWidth - margin))}px`;
  node.style.top = up ? `${Math.max(margin, box.top - Math.min(height, roomAbove) - 4)}px` : `${box.bottom + 4}px`;
}

/** Keeps the popup beside its anchor while that moves, and closes it when the anchor is gone. */
function follow() {
  const { top, bottom } = open.anchor.getBoundingClientRect();
  if (!open.anchor.isConnected || bottom < 0 || top > innerHeight) closePopup();
  else place(open);
}

function outside(event) {
  if (open && !open.node.contains(event.target) && !open.anchor.contains(event.target)) closePopup();
}

/** Listens for clicks outside and Esc, once for the page. */
export function watchPopups() {
  addEventListener("pointerdown", outside, true);
  addEventListener("resize", () => closePopup());
  addEventListener("scroll", (event) => { if (open && event.target.contains?.(open.anchor)) follow(); }, true);
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !open) return;
    event.preventDefault();
    event.stopPropagation();
    closePopup(true);
  }, true);
}

/** A menu of choices: `{label, run, danger}` each; arrow keys move. */
export function openMenu(anchor, choices, label) {
  const items = choices.map((choice) => h("button", {
    type: "button", role: "menuitem", class: `menu-item${choice.danger ? " menu-danger" : ""}`, ...choice.data,
    onclick: () => { closePopup(true); choice.run(); },
  }, choice.icon ?? null, h("span", { class: "menu-label" }, choice.label),
    choice.note ? h("span", { class: "menu-note" }, choice.note) : null));
  const menu = h("div", {
    class: "menu", role: "menu", "aria-label": label, onkeydown: (event) => moveFocus(event, items),
  }, items);
  openPopup(anchor, menu, { label });
  items[0]?.focus();
}

function moveFocus(event, items) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length].focus();
}
