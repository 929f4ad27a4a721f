/** Starts the page: who one acts as, what is open, and what redraws when something changes. */

import { api, failure } from "./api.js";
import { h, fill } from "./dom.js";
import { loadRoom, loadThread, takeEvent } from "./events.js";
import { follow } from "./feed.js";
import { go, route, watchRoute } from "./route.js";
import { changed, directWith, forget, state, subscribe, takeWorkspace } from "./store.js";
import { leaveConversation, redrawAll, showConversation } from "./parts/conversation.js";
import { leaveApp, showApp } from "./parts/home.js";
import { drawModals } from "./parts/modals.js";
import { watchPopups } from "./parts/popup.js";
import { watchLinks } from "./parts/profile.js";
import { drawRail } from "./parts/rail.js";
import { drawSidebar, placeTitle } from "./parts/sidebar.js";
import { openSwitcher } from "./parts/switcher.js";
import { drawThread, redrawThread } from "./parts/thread.js";
import { watchOthers } from "./parts/waiting.js";

const app = document.getElementById("app");
const main = document.getElementById("main");
let line = null;
let turn = 0;

function firstChannel() {
  const open = [...state.channels.values()].filter((channel) => !channel.is_im && !channel.is_archived);
  const mine = open.filter((channel) => channel.is_member !== false);
  mine.sort((one, other) => one.name.localeCompare(other.name));
  const best = mine.find((channel) => channel.mentions) ?? mine.find((channel) => channel.name === "general");
  return (best ?? mine[0])?.id ?? null;
}

/** Becomes somebody: loads their workspace and follows their feed. */
async function become(id) {
  turn += 1;
  const mine = turn;
  line?.stop();
  const answer = await api.workspace(id);
  if (mine !== turn) return undefined;
  if (!answer.users) return refuse(answer);
  forget();
  state.seq = answer.seq ?? 0;
  takeWorkspace(answer);
  if (id !== state.me) go({ as: state.me }, { replace: true });
  const known = route.app ? state.apps.some((each) => each.id === route.app) : state.channels.has(route.c);
  if (!known) go({ c: firstChannel() }, { replace: true });
  localStorage.setItem("workspace.me", state.me);
  const open = await api.views();
  if (mine !== turn) return undefined;
  state.views = open.stack ?? [];
  line = follow(state.me, { since: () => state.seq, take: takeEvent, online: setOnline });
  state.waiting.delete(state.me);
  watchOthers();
  changed("workspace", "views", "route");
  app.removeAttribute("aria-busy");
  app.dataset.ready = state.me;
  return undefined;
}

function refuse(answer) {
  fill(main,
    h("div", { class: "intro" }, h("h2", null, "The workspace does not answer"),
      h("p", { class: "quiet" }, failure(answer, "Opening the workspace")),
      h("button", { type: "button", class: "button", onclick: () => location.reload() }, "Try again")));
}

let wasOnline = true;

function setOnline(yes) {
  state.online = yes;
  if (yes && !wasOnline) catchUp();
  wasOnline = yes;
  changed("online");
}

/** After a lost connection: what is on show is read again, in case the server started anew. */
async function catchUp() {
  const answer = await api.workspace(state.me);
  if (!answer.users) return;
  if ((answer.seq ?? 0) < state.seq) return void location.reload();
  takeWorkspace(answer);
  if (route.c) loadRoom(route.c);
  if (route.c && route.thread) loadThread(route.c, route.thread);
}

function drawMain() {
  if (!state.me) return;
  const shownApp = state.apps.find((each) => each.id === route.app);
  if (shownApp) showApp(main, shownApp);
  else if (state.channels.has(route.c)) { leaveApp(); showConversation(main, route.c); } else leaveConversation();
  drawThread(shownApp ? directWith(shownApp.bot_user_id)?.id : route.c);
  const waits = [...state.channels.values()].reduce((sum, channel) => sum + (channel.mentions ?? 0), 0);
  document.title = `${waits ? `(${waits}) ` : ""}${placeTitle()} · ${state.team.name}`;
}

async function followRoute() {
  document.body.classList.remove("drawer-open");
  if (route.as && route.as !== state.me) return become(route.as);
  return drawMain();
}

function keys(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); openSwitcher(); }
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (document.body.classList.contains("drawer-open")) document.body.classList.remove("drawer-open");
  else if (route.thread) go({ thread: null });
}

function narrow() {
  const scrim = document.getElementById("scrim");
  const reveal = () => { scrim.hidden = !document.body.classList.contains("drawer-open"); };
  new MutationObserver(reveal).observe(document.body, { attributeFilter: ["class"] });
  scrim.addEventListener("click", () => document.body.classList.remove("drawer-open"));
}

function wire() {
  subscribe(["route"], followRoute);
  subscribe(["workspace", "route"], drawSidebar);
  subscribe(["workspace", "waiting"], drawRail);
  subscribe(["workspace", "room", "thread", "home", "online"], drawMain);
  subscribe(["users"], () => { redrawAll(); redrawThread(); drawMain(); });
  subscribe(["views"], drawModals);
  document.addEventListener("visibilitychange", drawMain);
  addEventListener("keydown", keys);
}

async function start() {
  watchPopups();
  watchLinks();
  watchRoute();
  narrow();
  wire();
  if (route.as) return become(route.as);
  const last = localStorage.getItem("workspace.me");
  const known = last ? await api.workspace(last) : {};
  const answer = known.users ? known : await api.workspace("");
  const users = answer.users ?? [];
  const first = users.find((user) => user.id === last) ?? users.find((user) => !user.is_bot);
  return first ? go({ as: first.id, at: route.at }, { replace: true }) : refuse(answer);
}

start();
