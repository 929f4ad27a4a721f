/** The card that says who somebody is, and links inside the page. */

import { h } from "../dom.js";
import { nameOf, state } from "../store.js";
import { go, route } from "../route.js";
import { avatar } from "./avatar.js";
import { showMessage } from "./conversation.js";
import { openPopup, closePopup } from "./popup.js";
import { openDirect } from "./sidebar.js";

function card(id) {
  const user = state.users.get(id);
  const others = id !== state.me && !user?.is_bot;
  const app = state.apps.find((each) => each.bot_user_id === id);
  const act = (label, testid, run) => h("button", {
    type: "button", class: "button", "data-testid": testid, onclick: () => { closePopup(); run(); },
  }, label);
  return h("div", { class: "profile", "data-testid": "profile" }, avatar(id, 56),
    h("div", { class: "profile-words" }, h("b", null, nameOf(id)),
      h("span", { class: "quiet" }, user?.title || (user ? `@${user.name}` : "Not in this workspace"))),
    h("div", { class: "profile-acts" }, others ? [act("Message", "profile-message", () => openDirect(id)),
      act("Act as", "profile-act", () => go({ as: id, thread: null }))] : null,
      app ? act("Open app", "profile-app", () => go({ app: app.id, tab: null })) : null));
}

/** One listener for the whole page: mentions open a card, links to channels and messages stay here. */
export function watchLinks() {
  document.addEventListener("click", (event) => {
    const target = event.target.closest?.("[data-mention], [data-channel-link]");
    if (!target || event.defaultPrevented) return;
    if (target.dataset.mention) return void openPopup(target, card(target.dataset.mention),
      { label: nameOf(target.dataset.mention), width: 280 });
    const { channelLink: channel, messageLink: ts } = target.dataset;
    if (!state.channels.has(channel)) return;
    event.preventDefault();
    if (!ts) return void go({ c: channel });
    if (route.c === channel) return void showMessage(ts);
    go({ c: channel, at: ts });
  });
}
