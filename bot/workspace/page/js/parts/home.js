/** An app's own place: its Home tab, its messages, what it can do. */

import { h, refill } from "../dom.js";
import { api } from "../api.js";
import { renderBlocks } from "../blocks/blocks.js";
import { surfaceOf } from "../blocks/surface.js";
import { loadHome } from "../events.js";
import { directWith, state } from "../store.js";
import { go, route } from "../route.js";
import { avatar } from "./avatar.js";
import { leaveConversation, showConversation } from "./conversation.js";
import { drawerButton } from "./header.js";
import { makeDirect } from "./sidebar.js";

let opened = null;
let shown = { node: null, view: null, key: "" };

/** Shows an app at the tab that the address names. */
export function showApp(main, app) {
  const tab = route.tab ?? (app.home_tab ? "home" : "messages");
  if (tab === "messages") return showMessages(main, app);
  leaveConversation();
  const key = `${state.me}/${app.id}/${tab}`;
  draw(main, app, tab, `${key}/${state.connected}`);
  if (tab === "home" && opened !== key) load();
  opened = key;
  return undefined;
}

function draw(main, app, tab, key) {
  const same = shown.key === key && shown.view === state.home && main.contains(shown.node);
  if (same) return;
  const top = shown.key === key ? shown.node.scrollTop : 0;
  const node = tab === "about" ? about(app) : home(app);
  shown = { key, node, view: state.home };
  refill(main, head(app, tab), node);
  node.scrollTop = top;
  main.setAttribute("aria-label", app.name);
}

/** Forgets that the Home tab is open, so that opening it again tells the app. */
export function leaveApp() {
  opened = null;
}

async function load() {
  await api.homeOpened();
  await loadHome();
}

async function showMessages(main, app) {
  opened = null;
  const id = directWith(app.bot_user_id)?.id ?? (await makeDirect(app.bot_user_id));
  const still = id && route.app === app.id && (route.tab ?? "messages") === "messages";
  if (still) showConversation(main, id, { head: () => head(app, "messages") });
}

function head(app, tab) {
  const one = (name, label) => h("button", {
    type: "button", role: "tab", class: "tab", "aria-selected": String(tab === name), "data-tab": name,
    onclick: () => go({ app: app.id, tab: name }),
  }, label);
  return h("header", { class: "app-head" },
    h("div", { class: "head head-plain" }, drawerButton(),
      h("div", { class: "head-words" },
        h("h1", { class: "head-name", "data-testid": "channel-name" }, avatar(app.bot_user_id, 24),
          h("span", null, app.name), h("span", { class: "app-tag" }, "App")))),
    h("div", { class: "tabs", role: "tablist" }, app.home_tab ? one("home", "Home") : null,
      one("messages", "Messages"), one("about", "About")));
}

function home(app) {
  const { home: view } = state;
  const surface = view ? surfaceOf("home", { view_id: view.id }) : null;
  const empty = h("div", { class: "intro" }, avatar(app.bot_user_id, 56),
    h("h2", null, `${app.name} has not filled this page yet`),
    h("p", { class: "quiet" }, state.connected ? "It will in a moment." : "It is not connected."));
  return h("div", { class: "home", "data-testid": "home", tabindex: "0" },
    h("div", { class: "home-inner blocks" }, view ? renderBlocks(view.blocks, surface) : empty));
}

function about(app) {
  const commands = (app.commands ?? []).map((command) => h("div", { class: "about-row" },
    h("dt", null, h("code", { class: "code" }, `${command.command} ${command.usage_hint ?? ""}`.trim())),
    h("dd", null, command.description)));
  const shortcuts = (app.shortcuts ?? []).map((shortcut) => h("div", { class: "about-row" },
    h("dt", null, shortcut.name),
    h("dd", null, shortcut.type === "message" ? "In the menu of a message" : "In the shortcuts menu")));
  return h("div", { class: "home", tabindex: "0" }, h("div", { class: "home-inner" },
    h("h2", { class: "about-title" }, "Slash commands"), h("dl", { class: "about" }, commands),
    shortcuts.length ? [h("h2", { class: "about-title" }, "Shortcuts"),
      h("dl", { class: "about" }, shortcuts)] : null));
}
