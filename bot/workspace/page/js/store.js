/** What the page knows, and who wants to hear when it changes. */

export const state = {
  me: null,
  team: { id: "", name: "Workspace" },
  users: new Map(),
  channels: new Map(),
  apps: [],
  connected: false,
  online: true,
  seq: 0,
  rooms: new Map(),
  threads: new Map(),
  views: [],
  home: null,
  waiting: new Map(),
};

const listeners = new Map();
let pending = new Set();

/** Calls `listener` (once per burst) after any of the topics changed. */
export function subscribe(topics, listener) {
  for (const topic of topics) {
    if (!listeners.has(topic)) listeners.set(topic, new Set());
    listeners.get(topic).add(listener);
  }
}

/** Says that topics changed: "workspace", "room", "thread", "views", "home", "online", "route". */
export function changed(...topics) {
  if (!pending.size) queueMicrotask(tell);
  topics.forEach((topic) => pending.add(topic));
}

function tell() {
  const topics = pending;
  pending = new Set();
  const due = new Set([...topics].flatMap((topic) => [...(listeners.get(topic) ?? [])]));
  due.forEach((listener) => listener(topics));
}

/** Forgets everything that belonged to the person acted as before. */
export function forget() {
  state.rooms.clear();
  state.threads.clear();
  state.views = [];
  state.home = null;
}

/** Takes over what `/person/workspace` says. */
export function takeWorkspace(answer) {
  state.me = typeof answer.me === "string" ? answer.me : answer.me?.id;
  state.team = answer.team ?? state.team;
  state.users = new Map(answer.users.map((user) => [user.id, user]));
  state.channels = new Map(answer.channels.map((channel) => [channel.id, channel]));
  state.apps = answer.apps ?? [];
  state.connected = answer.connected ?? false;
  state.seq = Math.max(state.seq, answer.seq ?? 0);
  changed("workspace");
}

/** The people that one can act as. */
export function people() {
  return [...state.users.values()].filter((user) => !user.is_bot && user.id !== "USLACKBOT");
}

/** The app whose bot this user is, if any. */
export function appOfUser(userId) {
  return state.apps.find((app) => app.bot_user_id === userId) ?? null;
}

/** The direct conversation with that user, if there is one. */
export function directWith(userId) {
  return [...state.channels.values()].find((channel) => channel.is_im && channel.peer === userId) ?? null;
}

/** How a channel is called in a sentence: `#name`, or the other person's name. */
export function channelTitle(channel) {
  if (!channel) return "";
  if (!channel.is_im) return `#${channel.name}`;
  return nameOf(channel.peer);
}

/** A user's name as shown beside messages. */
export function nameOf(userId) {
  const user = state.users.get(userId);
  return user?.real_name || user?.name || userId || "Someone";
}

/** Whether a message belongs only in a thread, not in the channel. */
export function onlyInThread(message) {
  return Boolean(message.thread_ts) && message.thread_ts !== message.ts && message.subtype !== "thread_broadcast";
}

/** The messages of a map, oldest first. */
export function inOrder(messages) {
  return [...messages.values()].sort((one, other) => Number.parseFloat(one.ts) - Number.parseFloat(other.ts));
}
