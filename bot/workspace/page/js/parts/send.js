/** What becomes of what was typed: a message, a reply or a slash command. */

import { api, failure } from "../api.js";
import { nameOf, state } from "../store.js";
import { allCommands } from "./suggest.js";

/** Sends it; the answer's `said` is what to tell the person when it is not ok. */
export async function send(text, channel, threadTs) {
  const typed = /^(\/[\w-]+)(?:\s+([\s\S]*))?$/.exec(text);
  if (!typed) return told(await api.say(channel, encode(text), threadTs), "Sending");
  const [, command, rest] = typed;
  if (threadTs) return { ok: false, said: `${command} is not supported in threads. Use it in the channel.` };
  if (!allCommands().some((each) => each.command === command)) {
    return { ok: false, said: `${command} is not a command of this workspace. Type / to see those that are.` };
  }
  return told(await api.command(channel, command, handles(rest ?? "")), command);
}

function told(answer, doing) {
  return answer.ok ? answer : { ...answer, said: failure(answer, doing) };
}

/** Names as an app gets them in a command: `@Ben Okafor` is `@ben`. */
function handles(text) {
  const short = (words, user) => replaced(words, `@${nameOf(user.id)}`, `@${user.name}`);
  return [...state.users.values()].reduce(short, text);
}

/** What was typed, in Slack's own writing: entities escaped, names turned into references. */
export function encode(text) {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const withPlaces = references().reduce((words, [written, reference]) => replaced(words, written, reference), escaped);
  return withPlaces.replace(/(^|\s)@(here|channel|everyone)\b/g, "$1<!$2>")
    .replace(/(^|\s)(https?:\/\/[^\s<>|]+)/g, "$1<$2>");
}

function references() {
  const named = (user, name) => [`@${name}`, `<@${user.id}>`];
  const people = [...state.users.values()].flatMap((user) => [named(user, nameOf(user.id)), named(user, user.name)]);
  const channels = [...state.channels.values()].filter((channel) => !channel.is_im)
    .map((channel) => [`#${channel.name}`, `<#${channel.id}|${channel.name}>`]);
  return [...people, ...channels].sort(([one], [other]) => other.length - one.length);
}

function replaced(text, written, reference) {
  const literal = written.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(`(^|[\\s(])${literal}(?![\\p{L}\\p{N}_-])`, "giu");
  return text.replace(pattern, (_, before) => `${before}${reference}`);
}
