/** Avatars: initials on a colour for people, a bell for apps. */

import { h } from "../dom.js";
import { bell } from "../icons.js";
import { state } from "../store.js";

const COLOURS = ["#2f6f8f", "#7a5195", "#b5523b", "#3f7d4e", "#8a6d1d", "#a8456b", "#4a5fb0", "#55606b"];

function initials(name) {
  return name.split(/[\s._-]+/).map((word) => word.charAt(0)).slice(0, 2).join("").toUpperCase() || "?";
}

function colourOf(id) {
  const sum = [...id].reduce((total, character) => total + character.codePointAt(0), 0);
  return COLOURS[sum % COLOURS.length];
}

/** The avatar of a user, `size` pixels wide. */
export function avatar(userId, size = 36) {
  const user = state.users.get(userId);
  const style = { "--size": `${size}px`, "--colour": user?.avatar?.color ?? colourOf(userId ?? "?") };
  if (user?.is_bot) return h("span", { class: "avatar avatar-app", style, "aria-hidden": "true" }, bell());
  return h("span", { class: "avatar", style, "aria-hidden": "true" },
    user?.avatar?.initials ?? initials(user?.real_name || user?.name || "?"));
}
