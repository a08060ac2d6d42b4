import { ApiError } from "../api-error.ts";
import type { AppState } from "../state/app-registry.ts";
import type { ShownContent } from "../view/shown-content.ts";
import type { ContentReader } from "./content-reader.ts";
import type { JsonObject } from "./request-fields.ts";
import { object, objects, text } from "./request-fields.ts";

const INTERACTIVE = new Set(["button_interaction", "vote_interaction", "multiple_interaction"]);
const CARD_TYPES = new Set(["text_notice", "news_notice", ...INTERACTIVE]);

function isInteractive(card: JsonObject): boolean {
  return INTERACTIVE.has(text(card, "card_type"));
}

/** Cards whose answer carries a response_code, so that they can be updated (doc 90236). */
export function isUpdatable(card: JsonObject): boolean {
  return isInteractive(card) || card.action_menu !== undefined;
}

function checkCount(count: number, min: number, max: number, errcode: number, what: string): void {
  if (count < min || count > max) throw new ApiError(errcode, `${what}: ${min} to ${max}`);
}

function checkOptions(question: JsonObject, max: number): void {
  const options = objects(question, "option_list");
  if (text(question, "question_key") === "") throw new ApiError(42043, "question_key is empty");
  checkCount(options.length, 1, max, 42037, "option_list");
  const optionIds = options.map((option) => text(option, "id"));
  if (optionIds.includes("") || new Set(optionIds).size !== optionIds.length) {
    throw new ApiError(42040, "option_list.id is empty or repeated");
  }
  if (options.some((option) => text(option, "text") === ""))
    throw new ApiError(42041, "option_list.text is empty");
}

function checkSubmit(card: JsonObject): void {
  const submit = object(card, "submit_button");
  if (text(submit, "text") === "") throw new ApiError(42049, "submit_button.text is empty");
  if (text(submit, "key") === "") throw new ApiError(42046, "submit_button.key is empty");
}

function checkButtons(card: JsonObject): void {
  const buttons = objects(card, "button_list");
  checkCount(buttons.length, 1, 6, 42038, "button_list");
  if (buttons.some((button) => text(button, "text") === ""))
    throw new ApiError(42038, "button_list.text is empty");
  const keys = buttons
    .filter((button) => Number(button.type ?? 0) === 0)
    .map((button) => text(button, "key"));
  if (keys.includes("") || new Set(keys).size !== keys.length) {
    throw new ApiError(42039, "button_list.key is empty or repeated");
  }
  if (card.button_selection !== undefined) checkOptions(object(card, "button_selection"), 10);
}

function checkOwnParts(card: JsonObject): void {
  switch (text(card, "card_type")) {
    case "button_interaction":
      checkButtons(card);
      return;
    case "vote_interaction":
      checkOptions(object(card, "checkbox"), 20);
      checkSubmit(card);
      return;
    case "multiple_interaction": {
      const lists = objects(card, "select_list");
      checkCount(lists.length, 1, 3, 42047, "select_list");
      for (const list of lists) checkOptions(list, 10);
      checkSubmit(card);
      return;
    }
    default:
      if (![1, 2].includes(Number(object(card, "card_action").type)))
        throw new ApiError(42045, "card_action.type");
  }
}

function checkCommonParts(card: JsonObject): void {
  checkCount(objects(card, "horizontal_content_list").length, 0, 6, 42035, "horizontal_content_list");
  checkCount(objects(card, "vertical_content_list").length, 0, 4, 42036, "vertical_content_list");
  checkCount(objects(card, "jump_list").length, 0, 3, 42042, "jump_list");
  const hasTitle = text(object(card, "main_title"), "title") !== "" || text(card, "sub_title_text") !== "";
  if (!hasTitle) throw new ApiError(42033, "main_title.title or sub_title_text is needed");
  const actions = objects(object(card, "action_menu"), "action_list");
  if (card.action_menu !== undefined) checkCount(actions.length, 1, 3, 42038, "action_menu.action_list");
  const keys = actions.map((action) => text(action, "key"));
  if (new Set(keys).size !== keys.length) throw new ApiError(42051, "action_list.key is repeated");
}

/** A card as `message/send` and `message/update_template_card` take it (doc 90236). */
export function checkTemplateCard(card: JsonObject): void {
  if (!CARD_TYPES.has(text(card, "card_type"))) throw new ApiError(42031, "card_type");
  const taskId = text(card, "task_id");
  const badTaskId = !/^[0-9A-Za-z_\-@]{1,128}$/.test(taskId);
  if ((isUpdatable(card) || taskId !== "") && badTaskId) throw new ApiError(42014, "task_id");
  checkCommonParts(card);
  checkOwnParts(card);
}

export function readTemplateCard(
  card: JsonObject,
  _reader: ContentReader,
  _request: JsonObject,
  app: AppState,
): ShownContent {
  checkTemplateCard(card);
  if (isInteractive(card) && app.callbackUrl === "") throw new ApiError(43012);
  return { kind: "template_card", card };
}
