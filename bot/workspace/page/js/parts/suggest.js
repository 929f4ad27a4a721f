/** What the composer can suggest: commands, people, channels, emoji. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { emojiCharacter, emojiNames } from "../text/emoji.js";
import { nameOf, state } from "../store.js";
import { avatar } from "./avatar.js";

const MOST = 8;

/** Every slash command of every app. */
export function allCommands() {
  return state.apps.flatMap((app) => (app.commands ?? []).map((command) => ({ ...command, app })));
}

function commandItems(typed) {
  return allCommands().filter((each) => each.command.startsWith(typed)).map((each) => ({
    exact: each.command, lead: avatar(each.app.bot_user_id, 22), title: each.command,
    hint: each.usage_hint, below: each.description, data: { "data-command": each.command },
  }));
}

function isCalled(user, words) {
  const names = [nameOf(user.id), user.name, ...nameOf(user.id).split(/\s+/)];
  return names.some((name) => name.toLowerCase().startsWith(words));
}

function personItems(typed) {
  const words = typed.slice(1).toLowerCase();
  const persons = [...state.users.values()].filter((user) => isCalled(user, words)).map((user) => ({
    exact: `@${nameOf(user.id)}`, lead: avatar(user.id, 22), title: nameOf(user.id), note: user.title ?? "",
    data: { "data-complete-user": user.id },
  }));
  const everyone = [["here", "everyone who is online here"], ["channel", "everyone in this channel"]]
    .filter(([name]) => words && name.startsWith(words))
    .map(([name, note]) => ({ exact: `@${name}`, lead: icon("people", 18), title: `@${name}`, note }));
  return [...persons, ...everyone];
}

function channelItems(typed) {
  const words = typed.slice(1).toLowerCase();
  const found = [...state.channels.values()].filter((channel) => !channel.is_im && channel.name.includes(words));
  const lead = (channel) => icon(channel.is_private ? "lock" : "hash", 16);
  return found.map((channel) => ({ exact: `#${channel.name}`, lead: lead(channel), title: channel.name }));
}

function emojiItems(typed) {
  const words = typed.slice(1);
  if (words.length < 2) return [];
  const lead = (name) => h("span", { class: "emoji" }, emojiCharacter(name));
  return emojiNames(words).map((name) => ({ exact: `:${name}:`, lead: lead(name), title: `:${name}:` }));
}

const SOURCES = [
  [/^\/[\w-]*$/, commandItems],
  [/(?<=^|\s)@[\p{L}\w.-]*$/u, personItems],
  [/(?<=^|\s)#[\w-]*$/, channelItems],
  [/(?<=^|\s):[a-z0-9_+-]+$/, emojiItems],
];

/** What fits the word before the cursor: `{token, items}`; each item is inserted as its `exact` words. */
export function suggestions(before) {
  for (const [pattern, items] of SOURCES) {
    const token = pattern.exec(before)?.[0];
    if (token !== undefined) return { token, items: items(token).slice(0, MOST) };
  }
  return { token: "", items: [] };
}
