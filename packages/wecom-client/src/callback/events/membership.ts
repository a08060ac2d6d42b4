import type { XmlElement } from "../xml.ts";
import { decimal, defined, token } from "../xml-fields.ts";

/** An event that says everything by its name. */
export type NoContent = Readonly<Record<never, never>>;

/** The user opened the app. Comes at every opening, so it is no sign of a wish to talk (WeCom doc 90240). */
export interface EnterAgentContent {
  readonly eventKey: string;
}
/** The position a user's client reports when the app asks for it (WeCom doc 90240). */
export interface PositionContent {
  /** Decimal degrees. */
  readonly latitude: number;
  /** Decimal degrees. */
  readonly longitude: number;
  /** Metres. */
  readonly precision?: number;
  readonly appType?: string;
}

export const readNothing = (): NoContent => ({});

export function readEnterAgent(xml: XmlElement): EnterAgentContent {
  return { eventKey: token(xml, "EventKey") ?? "" };
}

export function readPosition(xml: XmlElement): PositionContent | undefined {
  const latitude = decimal(xml, "Latitude");
  const longitude = decimal(xml, "Longitude");
  if (latitude === undefined || longitude === undefined) return undefined;
  return defined({
    latitude,
    longitude,
    precision: decimal(xml, "Precision"),
    appType: token(xml, "AppType"),
  });
}
