/** Short notices in the corner: errors stay longer, each can be closed. */

import { h } from "../dom.js";
import { icon } from "../icons.js";

const STAYS = 9000;

/** Shows one sentence, which takes the place of the same one; `kind` is "error" or "info". */
export function toast(text, kind = "error") {
  const box = document.getElementById("toasts");
  const close = h("button", {
    type: "button", class: "icon-button", "aria-label": "Close this notice", onclick: () => node.remove(),
  }, icon("close", 16));
  const node = h("div", {
    class: `toast toast-${kind}`, "data-testid": "toast", "data-kind": kind,
    role: kind === "error" ? "alert" : null,
  }, h("span", null, text), close);
  for (const shown of [...box.children]) if (shown.firstChild.textContent === text) shown.remove();
  box.append(node);
  raise(box);
  while (box.children.length > 4) box.firstChild.remove();
  setTimeout(() => node.remove(), STAYS);
}

/** Puts the notices above whatever dialog has opened meanwhile. */
function raise(box) {
  if (box.matches(":popover-open")) box.hidePopover();
  box.showPopover();
}
