/** The person API: what a person does and sees, as one function each. */

import { state } from "./store.js";

const SILENT = {
  ok: false, error: "unreachable", message: "The workspace does not answer. Check that it is still running.",
};

async function call(path, options) {
  try {
    const response = await fetch(`/person/${path}`, options);
    const answer = await response.json();
    return response.ok ? answer : { ok: false, error: `http_${response.status}`, ...answer };
  } catch {
    return SILENT;
  }
}

function read(path, query = {}) {
  const parts = new URLSearchParams({ as: state.me ?? "", ...query });
  return call(`${path}?${parts}`, {});
}

function act(path, body) {
  const json = JSON.stringify({ as: state.me, ...body });
  return call(path, { method: "POST", headers: { "content-type": "application/json" }, body: json });
}

export const api = {
  workspace: (as = state.me) => read("workspace", as ? { as } : {}),
  room: (channel) => read(`channels/${channel}`),
  thread: (channel, ts) => read(`channels/${channel}/threads/${ts}`),
  home: () => read("home"),
  views: () => read("views"),
  say: (channel, text, threadTs) => act("message", { channel, text, ...(threadTs ? { thread_ts: threadTs } : {}) }),
  command: (channel, command, text) => act("command", { channel, command, text }),
  press: (body) => act("press", body),
  submit: (viewId, values) => act("submit", { view_id: viewId, values }),
  close: (viewId) => act("close", { view_id: viewId }),
  options: (body) => act("options", body),
  shortcut: (callbackId, place = {}) => act("shortcut", { callback_id: callbackId, ...place }),
  react: (channel, ts, name, remove) => act("react", { channel, ts, name, ...(remove ? { remove: true } : {}) }),
  pin: (channel, ts, remove) => act("pin", { channel, ts, ...(remove ? { remove: true } : {}) }),
  join: (channel) => act("join", { channel }),
  leave: (channel) => act("leave", { channel }),
  open: (user) => act("open", { user }),
  homeOpened: () => act("home_opened", {}),
  seen: (channel, ts) => act("read", { channel, ts }),
  dismiss: (channel, ts) => act("dismiss", { channel, ts }),
};

const WORDS = {
  operation_timeout: "the app did not respond",
  trigger_expired: "the app took too long to answer",
  not_in_channel: "you are not in this channel",
  channel_not_found: "this channel does not exist",
  is_archived: "this channel is archived",
  app_not_connected: "the app is not connected",
};

/** One sentence for a person about an answer that is not ok. */
export function failure(answer, doing) {
  if (answer.message) return answer.message;
  const reason = WORDS[answer.error] ?? (answer.error ? answer.error.replaceAll("_", " ") : "an unknown error");
  return `${doing} failed: ${reason}.`;
}
