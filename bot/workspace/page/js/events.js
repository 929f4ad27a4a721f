/** Applies what the feed says to what the page knows. */

import { api } from "./api.js";
import { changed, directWith, inOrder, onlyInThread, state } from "./store.js";
import { go, route } from "./route.js";

/** One list for each answer on its way, of what the feed says meanwhile: the answer may be older than that. */
const underway = new Set();

async function ask(request) {
  const late = [];
  underway.add(late);
  const answer = await request;
  underway.delete(late);
  return { answer, late };
}

/** Applies to what an answer has just replaced what happened after the answer was made. */
function replay(late, seq, concerns) {
  for (const event of late) if (event.seq > seq && concerns(event)) APPLY[event.type]?.(event);
}

/** Loads a channel's messages; the page draws what it has meanwhile. */
export async function loadRoom(id) {
  const me = state.me;
  const { answer, late } = await ask(api.room(id));
  if (me !== state.me || !answer.messages) return answer;
  const messages = new Map(answer.messages.map((message) => [message.ts, message]));
  const pins = answer.pins ?? [];
  state.rooms.set(id, { messages, pins, bookmarks: answer.bookmarks ?? [], members: answer.members ?? [] });
  if (answer.channel) mergeChannel(answer.channel);
  replay(late, answer.seq, (event) => place(event) === id);
  changed("room", "workspace");
  return answer;
}

/** Loads a thread's parent and replies. */
export async function loadThread(channel, ts) {
  const me = state.me;
  const { answer, late } = await ask(api.thread(channel, ts));
  if (me !== state.me || !answer.messages) return answer;
  state.threads.set(`${channel}/${ts}`, new Map(answer.messages.map((message) => [message.ts, message])));
  replay(late, answer.seq, (event) => place(event) === channel);
  changed("thread");
  return answer;
}

/** Loads the Home tab that an app has made for the person acted as. */
export async function loadHome() {
  const me = state.me;
  const { answer, late } = await ask(api.home());
  if (me !== state.me) return;
  state.home = answer.view ?? state.home;
  replay(late, answer.seq, (event) => event.type === "home");
  changed("home");
}

function mergeChannel(channel) {
  const known = state.channels.get(channel.id) ?? { unread: 0, mentions: 0, members: [] };
  state.channels.set(channel.id, { ...known, ...channel, ...mine(channel) });
}

/** What follows from the members for the person acted as. */
function mine(channel) {
  if (!channel.members) return {};
  const others = channel.members.filter((id) => id !== state.me);
  return {
    is_member: channel.members.includes(state.me), ...(channel.is_im ? { peer: others[0] ?? state.me } : {}),
  };
}

const APPLY = {
  message: putMessage,
  ephemeral: putMessage,
  message_changed: replaceMessage,
  ephemeral_changed: replaceMessage,
  message_deleted: dropMessage,
  ephemeral_deleted: dropMessage,
  reaction: takeReaction,
  pins: takePins,
  bookmarks: takeBookmarks,
  channel: takeChannel,
  user: takeUser,
  app: takeApp,
  home: (event) => { state.home = event.view ?? null; changed("home"); },
  view_opened: (event) => { putView(event.view); },
  view_updated: (event) => { putView(event.view); },
  view_closed: closeView,
};

/** Takes one event of the feed. */
export function takeEvent(event) {
  if (event.seq && event.seq <= state.seq) return;
  if (event.seq) state.seq = event.seq;
  underway.forEach((late) => late.push(event));
  APPLY[event.type]?.(event);
}

function place(event) {
  return event.channel?.id ?? event.channel ?? event.message?.channel;
}

function putMessage(event) {
  const channel = place(event);
  const { message } = event;
  if (onlyInThread(message) || message.thread_ts) putReply(channel, message);
  const room = state.rooms.get(channel);
  const isNew = !room?.messages.has(message.ts);
  if (!onlyInThread(message)) room?.messages.set(message.ts, message);
  if (isNew) countUnread(channel, message);
  changed("room", "workspace");
}

function putReply(channel, message) {
  const thread = state.threads.get(`${channel}/${message.thread_ts}`);
  thread?.set(message.ts, message);
  const room = state.rooms.get(channel);
  const parent = room?.messages.get(message.thread_ts);
  if (parent && message.ts !== parent.ts && !message.ephemeral && message.ts > (parent.latest_reply ?? "")) {
    const repliers = [...new Set([...(parent.reply_users ?? []), message.user])];
    const count = (parent.reply_count ?? 0) + 1;
    room.messages.set(parent.ts,
      { ...parent, thread_ts: parent.ts, reply_count: count, reply_users: repliers, latest_reply: message.ts });
  }
  changed("thread");
}

function countUnread(id, message) {
  const channel = state.channels.get(id);
  if (!channel || message.user === state.me || message.ephemeral || channel.is_member === false) return;
  if (id === onShow() && !document.hidden) return void api.seen(id, message.ts);
  const words = `${message.text ?? ""}${JSON.stringify(message.blocks ?? "")}`;
  const called = channel.is_im || words.includes(`<@${state.me}>`) || /<!(here|channel|everyone)>/.test(words);
  const unread = (channel.unread ?? 0) + (onlyInThread(message) ? 0 : 1);
  state.channels.set(id, { ...channel, unread, mentions: (channel.mentions ?? 0) + (called ? 1 : 0) });
}

function onShow() {
  const app = state.apps.find((each) => each.id === route.app);
  return app ? route.tab === "messages" && directWith(app.bot_user_id)?.id : route.c;
}

function eachCopy(channel, ts, change) {
  const copies = [state.rooms.get(channel)?.messages, ...threadsOf(channel)];
  for (const copy of copies) if (copy?.has(ts)) change(copy, copy.get(ts));
}

function threadsOf(channel) {
  return [...state.threads].filter(([key]) => key.startsWith(`${channel}/`)).map(([, messages]) => messages);
}

function replaceMessage(event) {
  const { message } = event;
  eachCopy(place(event), message.ts, (copy) => copy.set(message.ts, message));
  changed("room", "thread");
}

function dropMessage(event) {
  const ts = event.ts ?? event.message?.ts;
  eachCopy(place(event), ts, (copy) => copy.delete(ts));
  changed("room", "thread");
}

function takeReaction(event) {
  const ts = event.ts ?? event.message?.ts ?? event.item?.ts;
  const reactions = event.reactions ?? event.message?.reactions;
  if (!reactions) return void loadRoom(place(event));
  eachCopy(place(event), ts, (copy, old) => copy.set(ts, { ...old, reactions }));
  changed("room", "thread");
}

function takePins(event) {
  const room = state.rooms.get(event.channel);
  if (room) room.pins = event.pins ?? room.pins;
  changed("room");
}

function takeBookmarks(event) {
  const room = state.rooms.get(event.channel);
  if (room) room.bookmarks = event.bookmarks ?? room.bookmarks;
  changed("room");
}

function takeChannel(event) {
  const { channel } = event;
  if (!channel?.id) return;
  if (channel.is_private && !channel.members.includes(state.me)) return void forgetChannel(channel.id);
  const known = state.channels.get(channel.id);
  mergeChannel({
    ...channel, unread: known?.unread ?? channel.unread ?? 0,
    mentions: known?.mentions ?? channel.mentions ?? 0,
  });
  const room = state.rooms.get(channel.id);
  if (room && channel.members) room.members = channel.members;
  changed("workspace", "room");
}

function forgetChannel(id) {
  state.channels.delete(id);
  state.rooms.delete(id);
  if (route.c === id) go({ c: null });
  changed("workspace");
}

function takeUser(event) {
  if (event.user?.id) state.users.set(event.user.id, event.user);
  changed("workspace", "users");
}

function takeApp(event) {
  state.connected = event.connected ?? state.connected;
  changed("workspace");
}

function putView(view) {
  const at = state.views.findIndex((open) => open.id === view.id);
  if (at < 0) state.views = [...state.views, view];
  else state.views = state.views.map((open) => (open.id === view.id ? view : open));
  changed("views");
}

function closeView(event) {
  const id = event.view_id ?? event.view?.id;
  state.views = event.clear ? [] : state.views.filter((open) => open.id !== id);
  changed("views");
}

/** The newest message of a room, or null. */
export function newest(channel) {
  const room = state.rooms.get(channel);
  return room ? inOrder(room.messages).at(-1) ?? null : null;
}

/** Tells the workspace that the person has read a channel. */
export function markRead(id) {
  const channel = state.channels.get(id);
  const last = newest(id);
  if (!channel || !last || document.hidden) return;
  if (channel.unread || channel.mentions) {
    state.channels.set(id, { ...channel, unread: 0, mentions: 0 });
    api.seen(id, last.ts);
    changed("workspace");
  }
}
