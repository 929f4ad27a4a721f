/** Block Kit: draws a list of blocks on a surface. */

import { h } from "../dom.js";
import { textObject } from "../text/mrkdwn.js";
import { markdown } from "../text/markdown.js";
import { picture } from "../parts/files.js";
import { element } from "./elements.js";
import { inputBlock } from "./inputs.js";
import { richText } from "./richtext.js";
import { tableBlock } from "./table.js";

const DRAW = {
  header: (block) => h("h3", { class: "block-title" }, textObject(block.text)),
  section,
  context,
  divider: () => h("hr", { class: "divider" }),
  actions: (block, surface) => h("div", { class: "actions", role: "group", "aria-label": "Actions" },
    (block.elements ?? []).map((each) => element(each, block, surface))),
  image: (block) => picture({
    url: imageUrl(block), alt: block.alt_text, title: block.title ? textObject(block.title) : null,
  }),
  input: inputBlock,
  rich_text: (block) => h("div", { class: "text" }, richText(block)),
  markdown: (block) => h("div", { class: "text markdown" }, markdown(block.text)),
  table: tableBlock,
};

/** The nodes of a list of blocks. */
export function renderBlocks(blocks, surface) {
  return (blocks ?? []).map((block) => h("div", {
    class: `block block-${block.type}`, "data-block-id": block.block_id ?? null, "data-block-type": block.type,
  }, draw(block, surface)));
}

function draw(block, surface) {
  const known = DRAW[block.type];
  return known ? known(block, surface) : h("p", { class: "quiet" },
    `A block of type ${block.type} cannot be shown here.`);
}

function imageUrl(block) {
  return block.image_url ?? block.slack_file?.url ?? `/files/${block.slack_file?.id}/image`;
}

function smallImage(item, className) {
  const alt = item.alt_text ?? "";
  const gone = (event) => event.target.replaceWith(h("span", { class: "quiet" }, alt));
  return h("img", { class: className, src: imageUrl(item), alt, onerror: gone });
}

function section(block, surface) {
  const texts = h("div", { class: "section-texts" },
    block.text ? h("div", { class: "text" }, textObject(block.text)) : null,
    block.fields?.length ? h("div", { class: "fields" },
      block.fields.map((field) => h("div", { class: "text field" }, textObject(field)))) : null);
  if (!block.accessory) return texts;
  const wide = !["button", "overflow", "image"].includes(block.accessory.type);
  return h("div", { class: `section${wide ? " section-wide" : ""}` }, texts,
    h("div", { class: `accessory accessory-${block.accessory.type}` }, accessory(block, surface)));
}

function accessory(block, surface) {
  const item = block.accessory;
  if (item.type !== "image") return element(item, block, surface);
  return smallImage(item, "accessory-image");
}

function context(block) {
  return h("div", { class: "context" }, (block.elements ?? []).map((item) =>
    item.type === "image"
      ? smallImage(item, "context-image")
      : h("span", { class: "text context-text" }, textObject(item))));
}
