import type { XmlElement } from "../xml.ts";
import { child, children, defined, texts, token } from "../xml-fields.ts";

/** A press in the "..." menu of a template card (WeCom doc 90240). */
export interface CardMenuContent {
  /** The key of the button or menu item. */
  readonly eventKey: string;
  readonly taskId: string;
  readonly cardType: string;
  /** Lets the card be updated once, within 72 hours. */
  readonly responseCode?: string;
}
/** A press or a submission on a template card (WeCom doc 90240). */
export interface CardContent extends CardMenuContent {
  readonly selectedItems: readonly SelectedItem[];
}
interface SelectedItem {
  readonly questionKey: string;
  readonly optionIds: readonly string[];
}
/** The older task card. */
export interface TaskCardContent {
  readonly eventKey: string;
  readonly taskId: string;
}

export function readCardMenu(xml: XmlElement): CardMenuContent | undefined {
  const taskId = token(xml, "TaskId");
  if (taskId === undefined) return undefined;
  return defined({
    eventKey: token(xml, "EventKey") ?? "",
    taskId,
    cardType: token(xml, "CardType") ?? "",
    responseCode: token(xml, "ResponseCode"),
  });
}

export function readCard(xml: XmlElement): CardContent | undefined {
  const press = readCardMenu(xml);
  if (press === undefined) return undefined;
  const selected = child(xml, "SelectedItems");
  const items = selected === undefined ? [] : children(selected, "SelectedItem");
  return { ...press, selectedItems: items.map(readSelectedItem) };
}

export function readTaskCard(xml: XmlElement): TaskCardContent | undefined {
  const taskId = token(xml, "TaskId");
  return taskId === undefined ? undefined : { eventKey: token(xml, "EventKey") ?? "", taskId };
}

function readSelectedItem(item: XmlElement): SelectedItem {
  // "OpitonIds" and "OpitonId" are not our typing mistake: pushes with that spelling are in the wild.
  const lists = [...children(item, "OptionIds"), ...children(item, "OpitonIds")];
  const optionIds = lists.flatMap((list) => [...texts(list, "OptionId"), ...texts(list, "OpitonId")]);
  return { questionKey: token(item, "QuestionKey") ?? "", optionIds: optionIds.map((id) => id.trim()) };
}
