import type { ParsedCommand } from "@gateway/conversation";
import { parseCommand } from "@gateway/conversation";
import type { CallbackEvent } from "@gateway/wecom-client/callback";
import { decisionOf, turnToStop } from "../cards/button-keys.ts";

/** What a pressed menu item or card button stands for. */
export type Press =
  | { readonly kind: "command"; readonly command: ParsedCommand }
  /** Ends the run that the card is about, named by its turn. */
  | { readonly kind: "stop"; readonly turnId: string }
  /** For the agent, as if the person had typed it. */
  | { readonly kind: "text"; readonly text: string };

type PressEvent = CallbackEvent<"click" | "template_card_event" | "template_card_menu_event">;

/**
 * For a menu item the configuration comes first. Then the name of a command, with or without its slash; any other key
 * is handed to the agent as it is. Undefined for a press that says nothing.
 */
export function readPress(event: PressEvent, menu: Readonly<Record<string, string>>): Press | undefined {
  const key = event.eventKey;
  if (event.event !== "click") {
    const decision = decisionOf(key);
    if (decision !== undefined) return { kind: "command", command: decision };
    const turnId = turnToStop(key);
    if (turnId !== undefined) return { kind: "stop", turnId };
  }
  // A key comes from outside: "constructor" is not an entry of the menu, and a button of an agent's card is none either.
  const mapped = event.event === "click" && Object.hasOwn(menu, key) ? menu[key] : undefined;
  const command =
    mapped === undefined ? (parseCommand(key) ?? parseCommand(`/${key}`)) : parseCommand(mapped);
  if (command !== undefined) return { kind: "command", command };
  const text = [mapped ?? key, ...selections(event)].join("\n").trim();
  return text === "" ? undefined : { kind: "text", text };
}

/** What was chosen on a card, one line for each question. */
function selections(event: PressEvent): string[] {
  if (event.event !== "template_card_event") return [];
  return event.selectedItems.map(({ questionKey, optionIds }) => `${questionKey}: ${optionIds.join(", ")}`);
}
