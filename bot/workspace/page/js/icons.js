/** Line icons, drawn on a 20 × 20 grid. */

import { svg } from "./dom.js";

const PATHS = {
  hash: "M7.5 3 6 17M14 3l-1.5 14M3.5 7.5h13.5M3 12.5h13.5",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  pin: "M7 3h6l-.7 5 2.7 3v1H5v-1l2.7-3zM10 12v5.5",
  reply: "M16.5 10.5c0 3-2.9 5.5-6.5 5.5-.9 0-1.8-.2-2.6-.4L4 17l.9-2.7A5.2 5.2 0 0 1 3.5 10.5C3.5 7.5 6.4 5 10 5s6.5 2.5 6.5 5.5Z",
  smile: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM7 11.5c.7 1.3 1.7 2 3 2s2.3-.7 3-2M7.6 8v.4M12.4 8v.4",
  dots: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  dotsUp: "M10 4.5v.01M10 10v.01M10 15.5v.01",
  close: "M5 5l10 10M15 5 5 15",
  down: "M6 8l4 4 4-4",
  right: "M8 6l4 4-4 4",
  back: "M12.5 4.5 7 10l5.5 5.5",
  menu: "M3.5 5.5h13M3.5 10h13M3.5 14.5h13",
  search: "M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM13 13l4 4",
  send: "M3.5 10 3 4l14.5 6L3 16zm0 0H10",
  bolt: "M11 2.5 4.5 11.5H9L8.5 17.5l7-9H11z",
  people: "M7.5 9.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4ZM2.5 16c0-2.8 2.2-4.5 5-4.5s5 1.7 5 4.5M13 4.3a2.6 2.6 0 0 1 0 5M14.5 11.7c1.8.5 3 2 3 4.3",
  file: "M5.5 2.5h6l3.5 3.5v11.5h-9.5zM11.5 2.5V6H15",
  bookmark: "M6 3h8v14l-4-3-4 3z",
  link: "M8.5 11.5a3 3 0 0 0 4.3 0l2.7-2.7a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-2.7 2.7a3 3 0 0 0 4.3 4.3l1-1",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5ZM10 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
  at: "M10 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM13 7v4c0 1.5 4 2 4-1.5A7 7 0 1 0 14 15.5",
  code: "M7 6 3 10l4 4M13 6l4 4-4 4",
  info: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 9.5V14M10 6.5v.01",
  join: "M8 4h7v12H8M3 10h8M8 7l3 3-3 3",
  theme: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 3v14M10 6l4-2M10 10h7M10 14l4 2",
  download: "M10 3v10M6 9.5l4 4 4-4M4 17h12",
  external: "M8 5H4.5v10.5H15V12M11 4h5v5M16 4l-7 7",
  calendar: "M3.5 5h13v12h-13zM3.5 8.5h13M7 3v3M13 3v3",
  check: "M4 10.5l4 4 8-9",
};

/** The icon of that name; hidden from screen readers, since its button carries the label. */
export function icon(name, size = 18) {
  const node = svg("svg", {
    viewBox: "0 0 20 20", width: size, height: size, class: `icon icon-${name}`, "aria-hidden": "true",
  });
  node.append(svg("path", { d: PATHS[name] }));
  return node;
}

/** The bell that stands for an app. */
export function bell() {
  const node = svg("svg", { viewBox: "0 0 32 32", class: "bell", "aria-hidden": "true" });
  node.append(svg("path", {
    d: "M16 6.5c-3.9 0-6 2.8-6 6.4 0 5-1.6 6.6-2.6 7.7-.5.6-.1 1.4.6 1.4h16c.7 0 1.1-.8.6-1.4-1-1.1-2.6-2.7-2.6-7.7 0-3.6-2.1-6.4-6-6.4Zm-2.6 17a2.7 2.7 0 0 0 5.2 0Z",
  }));
  return node;
}
