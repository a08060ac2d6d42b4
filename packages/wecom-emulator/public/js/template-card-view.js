import { h, link } from "./dom.js";
import { t } from "./i18n.js";

const text = (value) => (value === undefined || value === null ? "" : String(value));
const list = (value) => (Array.isArray(value) ? value : []);

function headView(card) {
  const { source, main_title: main, emphasis_content: emphasis, quote_area: quote } = card;
  return [
    source && h(`div.card-source.source-${Number(source.desc_color) || 0}`, {}, text(source.desc)),
    main?.title && h("div.card-title", {}, text(main.title)),
    main?.desc && h("div.card-desc", {}, text(main.desc)),
    emphasis &&
      h("div.emphasis", {}, h("strong", {}, text(emphasis.title)), h("span.subtle", {}, text(emphasis.desc))),
    card.sub_title_text && h("div.card-desc", {}, text(card.sub_title_text)),
    quote &&
      h("div.quote-area", {}, quote.title && h("strong", {}, text(quote.title)), " ", text(quote.quote_text)),
  ];
}

function pairsView(card) {
  const pairs = list(card.horizontal_content_list).flatMap((pair) => [
    h("dt", {}, text(pair.keyname)),
    h("dd", {}, Number(pair.type) === 1 ? link(text(pair.url), text(pair.value)) : text(pair.value)),
  ]);
  const blocks = list(card.vertical_content_list).map((block) =>
    h("div", {}, h("div", {}, text(block.title)), h("div.card-desc", {}, text(block.desc))),
  );
  return [pairs.length > 0 && h("dl.pairs", {}, ...pairs), ...blocks];
}

function selectView(question) {
  const options = list(question.option_list).map((option) =>
    h("option", { value: text(option.id), selected: option.id === question.selected_id }, text(option.text)),
  );
  const select = h("select", { "data-question": text(question.question_key) }, ...options);
  return h("label.select-row", {}, text(question.title), select);
}

function choicesView(checkbox) {
  const type = Number(checkbox.mode) === 1 ? "checkbox" : "radio";
  const name = `q-${crypto.randomUUID()}`;
  return list(checkbox.option_list).map((option) => {
    const input = h("input", {
      type,
      name,
      value: text(option.id),
      checked: option.is_checked === true,
      "data-question": text(checkbox.question_key),
    });
    return h("label.choice", {}, input, text(option.text));
  });
}

/** What was chosen on the card, in the shape of the event. */
function selectedItems(card) {
  const chosen = new Map();
  const add = (question, id) => chosen.set(question, [...(chosen.get(question) ?? []), id]);
  for (const select of card.querySelectorAll("select")) add(select.dataset.question, select.value);
  for (const input of card.querySelectorAll("input:checked")) add(input.dataset.question, input.value);
  return [...chosen].map(([questionKey, optionIds]) => ({ questionKey, optionIds }));
}

function buttonView(button, press) {
  const classes = `button.card-button.style-${Number(button.style) || 0}`;
  if (Number(button.type) === 1)
    return link(text(button.url), h(classes, { type: "button" }, text(button.text)));
  const onclick = (event) => press(text(button.key), selectedItems(event.currentTarget.closest(".card")));
  return h(classes, { type: "button", onclick }, text(button.text));
}

function buttonsView(content, press) {
  const { card } = content;
  if (content.replacedButton !== undefined) {
    return [h("button.card-button", { type: "button", disabled: true }, content.replacedButton)];
  }
  const buttons = list(card.button_list).map((button) => buttonView(button, press));
  if (card.submit_button) buttons.push(buttonView({ ...card.submit_button, style: 1 }, press));
  const menu = list(card.action_menu?.action_list).map((action) => buttonView(action, press));
  return [...buttons, ...menu];
}

/**
 * A template card with working buttons.
 *
 * @param {(key: string, selected: unknown[]) => void} press
 */
export function templateCardView(content, press) {
  const { card } = content;
  const body = [
    ...headView(card),
    ...pairsView(card),
    card.button_selection && selectView(card.button_selection),
    ...(card.checkbox ? choicesView(card.checkbox) : []),
    ...list(card.select_list).map(selectView),
  ];
  const buttons = buttonsView(content, press);
  const jumps = list(card.jump_list).map((jump) =>
    link(text(jump.url), h("div.card-jump", {}, text(jump.title))),
  );
  const opens = Number(card.card_action?.type) === 1 && text(card.card_action.url);
  return h(
    "div.card",
    {},
    h("div.card-body", {}, ...body),
    buttons.length > 0 && h("div.card-buttons", {}, ...buttons),
    ...jumps,
    opens && link(opens, h("div.card-foot", {}, t("openCard"))),
  );
}
