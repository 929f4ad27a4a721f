/** Files in messages: images inline, everything else as a card with a preview. */

import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { markdown } from "../text/markdown.js";

const UNITS = ["B", "kB", "MB", "GB"];

function size(bytes) {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const amount = bytes / 1000 ** power;
  return `${amount >= 10 || power === 0 ? Math.round(amount) : amount.toFixed(1)} ${UNITS[power]}`;
}

/** The address of a file on this server, whatever host its link names. */
export function fileUrl(file) {
  const path = /\/files\/.*$/.exec(file.url_private ?? file.url_private_download ?? "")?.[0];
  return path ?? `/files/${file.id}/${encodeURIComponent(file.name ?? "file")}`;
}

/** The files of a message. */
export function renderFiles(files) {
  const shown = (files ?? []).filter((file) => file && file.mode !== "tombstone");
  return shown.map((file) => (isImage(file) ? imageFile(file) : card(file)));
}

function isImage(file) {
  return (file.mimetype ?? "").startsWith("image/") || /\.(png|jpe?g|gif|svg|webp)$/i.test(file.name ?? "");
}

function imageFile(file) {
  const title = file.title && file.title !== file.name ? file.title : file.name;
  return h("div", { class: "file-image", "data-file-id": file.id },
    picture({ url: fileUrl(file), alt: file.alt_txt || title, title }));
}

/** A picture with a title that folds it away; a click shows it large. */
export function picture({ url, alt, title = null }) {
  const image = h("img", { class: "picture", src: url, alt: alt ?? "" });
  const frame = h("button", {
    type: "button", class: "picture-frame", "aria-label": `Show image: ${alt ?? "image"}`,
    onclick: () => lightbox(url, alt),
  }, image);
  image.addEventListener("error",
    () => frame.replaceWith(h("div", { class: "picture-gone" }, icon("file"),
      `Image not available${alt ? `: ${alt}` : ""}`)));
  if (!title) return frame;
  const fold = h("button", { type: "button", class: "fold", "aria-expanded": "true", onclick: () => {
    frame.hidden = !frame.hidden;
    fold.setAttribute("aria-expanded", String(!frame.hidden));
  } }, h("span", null, title), icon("down", 16));
  return [fold, frame];
}

function dialogWith(label, content, className) {
  const dialog = h("dialog", { class: `modal ${className}`, "aria-label": label, "data-testid": "preview" },
    content);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

function head(title, url, name) {
  return h("header", { class: "modal-head" }, h("h2", { class: "modal-title" }, title),
    h("a", { class: "icon-button", href: url, download: name, "aria-label": "Download", title: "Download" },
      icon("download")),
    h("button", {
      type: "button", class: "icon-button", "aria-label": "Close",
      onclick: (event) => event.currentTarget.closest("dialog").close(),
    }, icon("close")));
}

function lightbox(url, alt) {
  dialogWith(alt || "Image",
    [head(alt || "Image", url, ""),
      h("div", { class: "modal-body lightbox" }, h("img", { src: url, alt: alt ?? "" }))],
    "modal-large");
}

const KINDS = [
  ["html", /\.html?$/i, "HTML page"], ["markdown", /\.(md|markdown)$/i, "Markdown"], ["csv", /\.csv$/i, "CSV"],
  ["json", /\.json$/i, "JSON"],
  ["text", /\.(txt|log|ya?ml|py|toml|xml|diff|sql)$/i, "Text"],
];

function kindOf(file) {
  const { filetype = "", name = "", mimetype = "" } = file;
  const found = KINDS.find(([kind, ending]) => filetype === kind || ending.test(name) || mimetype.includes(kind));
  if (found) return found;
  return (file.mimetype ?? "").startsWith("text/") ? ["text", null, "Text"] : [null, null,
    (file.filetype || "File").toUpperCase()];
}

function card(file) {
  const [kind, , label] = kindOf(file);
  const words = h("span", { class: "file-words" },
    h("span", { class: "file-name" }, file.title || file.name || "File"),
    h("span", { class: "file-note" }, [label, file.size ? size(file.size) : ""].filter(Boolean).join(" · ")));
  const open = kind
    ? { onclick: () => preview(file, kind) }
    : { onclick: () => window.open(fileUrl(file), "_blank", "noopener") };
  return h("div", { class: "file-card", "data-file-id": file.id, "data-file-name": file.name },
    h("button", {
      type: "button", class: "file-open", "aria-label": `Open ${file.title || file.name}`,
      "data-testid": "file-open", ...open,
    }, h("span", { class: `file-icon file-${kind ?? "other"}` }, icon("file", 22)), words),
    h("a", {
      class: "icon-button", href: fileUrl(file), download: file.name ?? "", "aria-label": "Download",
      title: "Download",
    }, icon("download")));
}

async function preview(file, kind) {
  const body = h("div", { class: "modal-body preview" }, h("p", { class: "quiet" }, "Loading…"));
  dialogWith(file.name ?? "File", [head(file.title || file.name, fileUrl(file), file.name ?? ""), body],
    "modal-large");
  const response = await fetch(fileUrl(file)).catch(() => null);
  if (!response?.ok) return void fill(body,
    h("p", { class: "field-error" }, "This file could not be read. Try again, or download it."));
  fill(body, content(kind, await response.text()));
}

function content(kind, text) {
  if (kind === "html") return h("iframe", { class: "preview-page", sandbox: "", srcdoc: text, title: "Preview" });
  if (kind === "markdown") return h("div", { class: "text markdown document" }, markdown(text));
  return h("pre", { class: "pre" }, text);
}
