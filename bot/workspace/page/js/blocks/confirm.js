/** The question that a control asks before it acts. */

import { h } from "../dom.js";
import { textObject } from "../text/mrkdwn.js";

/** Asks; resolves to true when the person agrees. */
export function askFirst(confirm, anchor) {
  return new Promise((resolve) => {
    const finish = (yes) => {
      dialog.close();
      dialog.remove();
      anchor?.focus();
      resolve(yes);
    };
    const tone = confirm.style === "danger" ? "button-danger" : "button-primary";
    const dialog = h("dialog", {
      class: "modal modal-small", "data-testid": "confirm",
      "aria-label": confirm.title?.text ?? "Are you sure?",
    },
      h("header", { class: "modal-head" },
        h("h2", { class: "modal-title" }, textObject(confirm.title ?? { text: "Are you sure?" }))),
      h("div", { class: "modal-body" }, h("div", { class: "text" }, textObject(confirm.text))),
      h("footer", { class: "modal-foot" },
        h("button", {
          type: "button", class: "button", "data-testid": "confirm-deny", onclick: () => finish(false),
        }, textObject(confirm.deny ?? { text: "Cancel" })),
        h("button", {
          type: "button", class: `button ${tone}`, "data-testid": "confirm-agree", onclick: () => finish(true),
        }, textObject(confirm.confirm ?? { text: "Yes" }))));
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); finish(false); });
    document.body.append(dialog);
    dialog.showModal();
  });
}
