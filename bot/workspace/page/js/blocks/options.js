/** Where the options of a select come from: its own list, people, channels, or the app. */

import { api } from "../api.js";
import { bare } from "../text/mrkdwn.js";
import { channelTitle, nameOf, people, state } from "../store.js";
import { route } from "../route.js";

/** The field that holds what a select chose ("selected_option", "selected_users", …). */
export function chosenField(type) {
  const many = type.startsWith("multi_");
  const kind = /(static|external|users|channels|conversations)_select$/.exec(type)?.[1] ?? "static";
  const noun = {
    static: "option", external: "option", users: "user", channels: "channel", conversations: "conversation",
  }[kind];
  return `selected_${noun}${many ? "s" : ""}`;
}

function ofOption(option, group = "") {
  return {
    key: option.value, label: bare(option.text.text),
    note: option.description ? bare(option.description.text) : "", group, payload: option,
  };
}

function ofGroups(answer) {
  const groups = answer.option_groups ?? [{ options: answer.options }];
  return groups.flatMap((group) => (group.options ?? []).map((option) => ofOption(option, group.label?.text ?? "")));
}

function ofUser(user) {
  return { key: user.id, label: nameOf(user.id), note: user.title || `@${user.name}`, group: "", payload: user.id };
}

function ofChannel(channel) {
  return { key: channel.id, label: channelTitle(channel), note: "", group: "", payload: channel.id };
}

function conversations(filter) {
  const wanted = filter?.include;
  const kind = (channel) => (channel.is_im ? "im" : channel.is_private ? "private" : "public");
  const open = [...state.channels.values()].filter((channel) => !channel.is_archived);
  return open.filter((channel) => !wanted || wanted.includes(kind(channel)));
}

/** What can be chosen: a promise of `[{key, label, note, group, payload}]` for what was typed. */
export async function optionsOf(binding, typed) {
  const { element: item, block, surface } = binding;
  if (item.type.includes("external")) {
    if (typed.length < (item.min_query_length ?? 3)) return null;
    return ofGroups(await api.options({
      ...surface.place, block_id: block.block_id, action_id: item.action_id, value: typed,
    }));
  }
  return matching(fixed(item), typed);
}

function fixed(item) {
  if (item.type.includes("users")) return people().map(ofUser);
  if (item.type.includes("channels")) return conversations({ include: ["public"] }).map(ofChannel);
  if (item.type.includes("conversations")) return conversations(item.filter).map(ofChannel);
  return ofGroups(item);
}

function matching(options, typed) {
  const words = typed.trim().toLowerCase();
  if (!words) return options;
  const hit = options.filter((option) => `${option.label} ${option.note}`.toLowerCase().includes(words));
  return hit.sort((one, other) => starts(other, words) - starts(one, words));
}

function starts(option, words) {
  return Number(option.label.toLowerCase().replace(/^[#@]/, "").startsWith(words));
}

/** What is chosen at the start, as options. */
export function initial(binding) {
  const { element: item } = binding;
  const field = chosenField(item.type);
  const kept = binding.recall();
  const own = item[field.replace("selected", "initial")];
  const fallback = item.default_to_current_conversation && route.c ? route.c : null;
  const start = kept ? kept[field] : own ?? fallback;
  const list = (Array.isArray(start) ? start : [start]).filter(Boolean);
  return list.map((value) => {
    if (typeof value === "object") return ofOption(value);
    if (state.users.has(value)) return ofUser(state.users.get(value));
    return state.channels.has(value) ? ofChannel(state.channels.get(value)) : {
      key: value, label: value, note: "", group: "", payload: value,
    };
  });
}
