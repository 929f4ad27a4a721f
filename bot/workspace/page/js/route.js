/**
 * Where the page is, kept in the address: `#as=U1&c=C2&thread=ts` (`&at=ts` shows a message),
 * or `#as=U1&app=A1&tab=home`.
 */

import { changed } from "./store.js";

export const route = { as: null, c: null, thread: null, app: null, tab: null, at: null };

/** Reads the address; a permalink's `#/C2/p1700000000000100` stands for a channel and a message. */
export function readRoute() {
  const [, channel, seconds, rest] = /^#\/([A-Z0-9]+)\/p(\d{10})(\d{6})$/.exec(location.hash) ?? [];
  const parts = channel ? new Map([["c", channel], ["at", `${seconds}.${rest}`],
    ["as", route.as]]) : new URLSearchParams(location.hash.slice(1));
  for (const key of Object.keys(route)) route[key] = parts.get(key) || null;
}

/** Goes somewhere: only the given parts change; a new channel or app closes the thread. */
export function go(change, { replace = false } = {}) {
  const next = { ...route, ...change };
  const moved = ("c" in change && change.c !== route.c) || "app" in change;
  if (moved && !("thread" in change)) next.thread = null;
  if (!("at" in change)) next.at = null;
  if ("c" in change && change.c) Object.assign(next, { app: null, tab: null });
  if ("app" in change && change.app) next.c = null;
  const parts = new URLSearchParams(Object.entries(next).filter(([, value]) => value));
  const hash = `#${parts}`;
  if (hash === location.hash) return;
  history[replace ? "replaceState" : "pushState"](null, "", hash);
  readRoute();
  changed("route");
}

/** Listens to back, forward and typed addresses. */
export function watchRoute() {
  readRoute();
  addEventListener("popstate", () => { readRoute(); changed("route"); });
  addEventListener("hashchange", () => { readRoute(); changed("route"); });
}
