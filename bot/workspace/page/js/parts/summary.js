/** The line beneath a message that tells of its thread. */

import { h } from "../dom.js";
import { ago, moment } from "../text/dates.js";
import { go } from "../route.js";
import { avatar } from "./avatar.js";

/** "3 replies · last reply 2 minutes ago", or nothing. */
export function threadSummary(message, channel) {
  const count = message.reply_count ?? 0;
  if (!count) return null;
  const latest = message.latest_reply ? `Last reply ${ago(moment(message.latest_reply))}` : "";
  return h("button", {
    type: "button", class: "thread-summary", "data-testid": "thread-summary", "data-replies": String(count),
    onclick: () => go({ c: channel, thread: message.ts }),
  },
    h("span", { class: "pile" }, (message.reply_users ?? []).slice(0, 4).map((id) => avatar(id, 22))),
    h("span", { class: "thread-count" }, count === 1 ? "1 reply" : `${count} replies`),
    h("span", { class: "quiet" }, latest));
}
