/** The rail of people: one human plays them all, so who one acts as is always in sight. */

import { h, refill } from "../dom.js";
import { bell, icon } from "../icons.js";
import { nameOf, people, state } from "../store.js";
import { go } from "../route.js";
import { avatar } from "./avatar.js";
import { openMenu } from "./popup.js";

/** Draws the rail. */
export function drawRail() {
  refill(document.getElementById("rail"),
    h("div", { class: "rail-mark", "aria-hidden": "true" }, bell()),
    h("div", { class: "rail-title", id: "rail-title" }, "Act as"),
    h("div", { class: "rail-people", role: "group", "aria-labelledby": "rail-title" }, people().map(person)),
    h("span", { class: "grow" }),
    themeButton());
}

function person(user) {
  const active = user.id === state.me;
  const waits = !active && state.waiting.get(user.id);
  const first = nameOf(user.id).split(" ")[0];
  const label = `Act as ${nameOf(user.id)}${user.title ? `, ${user.title}` : ""}${waits ? `, ${waits} unread` : ""}`;
  return h("button", {
    type: "button", class: "rail-person", "aria-pressed": String(active), "aria-label": label,
    title: [nameOf(user.id), user.title].filter(Boolean).join(" · "),
    "data-person-id": user.id, onclick: () => go({ as: user.id, thread: null }),
  }, avatar(user.id, 40), waits ? h("span", { class: "badge rail-badge" }, String(waits)) : null,
    h("span", { class: "rail-name" }, first));
}

function themeButton() {
  const node = h("button", {
    type: "button", class: "rail-button", "aria-label": "Light or dark", title: "Light or dark",
    "aria-haspopup": "menu", "data-testid": "theme",
    onclick: () => openMenu(node, THEMES.map(([name, label]) => ({ label, run: () => choose(name) })),
      "Light or dark"),
  }, icon("theme", 20));
  return node;
}

const THEMES = [["system", "As the system"], ["light", "Light"], ["dark", "Dark"]];

function choose(name) {
  const root = document.documentElement;
  if (name === "system") {
    delete root.dataset.theme;
    localStorage.removeItem("workspace.theme");
  } else {
    root.dataset.theme = name;
    localStorage.setItem("workspace.theme", name);
  }
}
