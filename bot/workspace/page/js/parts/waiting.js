/** Watches what waits for the people one does not act as at the moment, so that the rail can say it. */

import { api } from "../api.js";
import { debounced } from "../dom.js";
import { follow } from "../feed.js";
import { changed, people, state } from "../store.js";

const MOST = 8;
let lines = [];

/** Follows everybody but the person acted as. */
export function watchOthers() {
  lines.forEach((line) => line.stop());
  lines = people().filter((user) => user.id !== state.me).slice(0, MOST).map((user) => {
    const count = debounced(() => recount(user.id), 400);
    recount(user.id);
    let seq = state.seq;
    return follow(user.id,
      { since: () => seq, take: (event) => { seq = Math.max(seq, event.seq ?? 0); if (counts(event)) count(); } });
  });
}

function counts(event) {
  return ["message", "ephemeral", "channel", "read"].includes(event.type);
}

async function recount(id) {
  const answer = await api.workspace(id);
  if (!answer.channels) return;
  const mine = answer.channels.filter((channel) => channel.is_member !== false);
  state.waiting.set(id, mine.reduce((sum, channel) => sum + (channel.mentions ?? 0), 0));
  changed("waiting");
}
