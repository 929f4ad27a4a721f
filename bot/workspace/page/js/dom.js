/** Builds DOM nodes; foreign text only ever becomes text nodes, never markup. */

const SVG = "http://www.w3.org/2000/svg";

function set(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "style") Object.entries(value).forEach(([key, part]) => node.style.setProperty(key, part));
  else if (["value", "checked", "disabled", "indeterminate"].includes(name)) node[name] = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}

/** One element with attributes, listeners (`onclick`, …) and children; empty children are left out. */
export function h(tag, props = null, ...children) {
  const node = document.createElement(tag);
  Object.entries(props ?? {}).forEach(([name, value]) => set(node, name, value));
  node.append(...present(children));
  return node;
}

/** The children that are there, flattened. */
export function present(children) {
  return children.flat(Infinity).filter((child) => ![null, undefined, false, ""].includes(child));
}

/** Replaces what is inside a node. */
export function fill(node, ...children) {
  node.replaceChildren(...present(children));
  return node;
}

const KEYS = ["data-channel-id", "data-direct-user", "data-app-id", "data-person-id", "data-tab", "data-testid"];

/** Replaces what is inside a node and gives the focus back to what had it, if that is there again. */
export function refill(node, ...children) {
  const active = node.contains(document.activeElement) ? document.activeElement : null;
  const key = KEYS.find((name) => active?.hasAttribute(name));
  const again = key ? `[${key}="${CSS.escape(active.getAttribute(key))}"]` : null;
  fill(node, ...children);
  if (again) node.querySelector(again)?.focus({ preventScroll: true });
  return node;
}

/** A document fragment of the given children. */
export function fragment(...children) {
  const part = document.createDocumentFragment();
  part.append(...present(children));
  return part;
}

/** One SVG element. */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, String(value)));
  node.append(...children);
  return node;
}

let lastId = 0;

/** An id that nothing else on the page has. */
export function freshId(stem) {
  lastId += 1;
  return `${stem}-${lastId}`;
}

/** Runs `job` once, `delay` milliseconds after the last call. */
export function debounced(job, delay) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => job(...args), delay);
  };
}
