import { upload } from "./api.js";
import { askFields } from "./dialog.js";
import { byId, h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { attempt } from "./toast.js";
import { silentVoice } from "./voice.js";

/** @param {string} accept @returns {Promise<File | undefined>} */
function pickFile(accept) {
  return new Promise((resolve) => {
    const input = h("input", { type: "file", accept });
    input.addEventListener("change", () => resolve(input.files?.[0]));
    input.addEventListener("cancel", () => resolve(undefined));
    input.click();
  });
}

async function sendFile(type, file, state, actions) {
  const { mediaId } = await upload(state.appName, type, file.name, file);
  const content = type === "file" ? { type, mediaId, title: file.name } : { type, mediaId };
  await actions.push(content);
}

const pickAndSend = (type, accept) => async (state, actions) => {
  const file = await pickFile(accept);
  if (file !== undefined) await sendFile(type, file, state, actions);
};

async function sendVoice(state, actions) {
  await sendFile("voice", new File([silentVoice(2)], "voice.amr"), state, actions);
}

async function sendPlace(_state, actions) {
  const place = await askFields("location", [
    { name: "label", label: "label", value: "腾讯大厦 Tencent Building" },
    { name: "latitude", label: "latitude", value: "22.540503", type: "number" },
    { name: "longitude", label: "longitude", value: "113.934528", type: "number" },
  ]);
  if (place === undefined) return;
  const { label, latitude, longitude } = place;
  await actions.push({ type: "location", label, latitude: Number(latitude), longitude: Number(longitude) });
}

async function sendLink(_state, actions) {
  const fields = await askFields("link", [
    { name: "title", label: "linkTitle", value: "WeCom developer centre" },
    { name: "url", label: "linkUrl", value: "https://developer.work.weixin.qq.com/", type: "url" },
    { name: "description", label: "linkText", value: "" },
  ]);
  if (fields !== undefined) await actions.push({ type: "link", ...fields });
}

const TOOLS = [
  ["image", pickAndSend("image", "image/png,image/jpeg")],
  ["file", pickAndSend("file", "")],
  ["video", pickAndSend("video", "video/mp4")],
  ["voice", sendVoice],
  ["place", sendPlace, "location"],
  ["link", sendLink],
];

function press(button, actions) {
  if (button.type === "view") return actions.push({ type: "view", eventKey: button.url ?? "" });
  return actions.push({ type: "click", eventKey: button.key ?? button.name });
}

function menuButton(button, actions) {
  const children = button.sub_button ?? [];
  if (children.length === 0) {
    return h("button.menu-button", { type: "button", onclick: () => press(button, actions) }, button.name);
  }
  const list = h("ul", { hidden: true }, ...children.map((child) => h("li", {}, menuButton(child, actions))));
  const toggle = (event) => {
    list.hidden = !list.hidden;
    event.currentTarget.setAttribute("aria-expanded", String(!list.hidden));
  };
  const head = h(
    "button.menu-button",
    { type: "button", "aria-expanded": "false", onclick: toggle },
    `${button.name} ▴`,
  );
  return h("div.menu-group", { onfocusout: (event) => closeOutside(event, list) }, list, head);
}

function closeOutside(event, list) {
  if (!event.currentTarget.contains(event.relatedTarget)) list.hidden = true;
}

export function drawComposer(state, actions) {
  const app = state.apps.find(({ name }) => name === state.appName);
  byId("menu").replaceChildren(...(app?.menu ?? []).map((button) => menuButton(button, actions)));
  const tools = TOOLS.map(([symbol, act, label = symbol]) => {
    const onclick = () => attempt(() => act(state, actions));
    return h(
      "button.icon-button",
      { type: "button", title: t(label), "aria-label": t(label), onclick },
      icon(symbol),
    );
  });
  byId("tools").replaceChildren(...tools);
}

function grow(draft) {
  draft.style.height = "auto";
  draft.style.height = `${Math.min(draft.scrollHeight + 2, 180)}px`;
}

export function wireComposer(actions) {
  const draft = byId("draft");
  const submit = () => {
    const content = draft.value;
    if (content.trim() === "") return;
    draft.value = "";
    grow(draft);
    actions.sendText(content);
  };
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  draft.addEventListener("input", () => grow(draft));
  draft.addEventListener("keydown", (event) => {
    // While an input method composes, Enter picks a word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
}
