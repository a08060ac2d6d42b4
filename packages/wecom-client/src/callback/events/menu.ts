import type { LocationContent } from "../message-content.ts";
import { readLocation } from "../message-content.ts";
import type { XmlElement } from "../xml.ts";
import { child, children, decimal, defined, text, texts, token } from "../xml-fields.ts";

// Events of the app's custom menu (WeCom doc 90240).

export interface MenuKeyContent {
  /** The menu item's key; for `view` its URL, for `view_miniprogram` the page path. */
  readonly eventKey: string;
}
export interface ScanCodeContent extends MenuKeyContent {
  /** Usually `qrcode`; "" when absent. */
  readonly scanType: string;
  readonly scanResult: string;
}
export interface PicturesContent extends MenuKeyContent {
  /** How many pictures follow as messages of their own. */
  readonly count: number;
  readonly md5Sums: readonly string[];
}
export interface LocationSelectContent extends MenuKeyContent {
  readonly location: LocationContent;
  /** The point of interest's name. */
  readonly poiName?: string;
  readonly appType?: string;
}

export function readMenuKey(xml: XmlElement): MenuKeyContent | undefined {
  const eventKey = token(xml, "EventKey");
  return eventKey === undefined ? undefined : { eventKey };
}

export function readScanCode(xml: XmlElement): ScanCodeContent | undefined {
  const info = child(xml, "ScanCodeInfo");
  const scanResult = info && text(info, "ScanResult");
  if (info === undefined || scanResult === undefined) return undefined;
  return { eventKey: token(xml, "EventKey") ?? "", scanType: token(info, "ScanType") ?? "", scanResult };
}

export function readPictures(xml: XmlElement): PicturesContent | undefined {
  const info = child(xml, "SendPicsInfo");
  if (info === undefined) return undefined;
  // Real pushes repeat PicList as well as the items inside it.
  const items = children(info, "PicList").flatMap((list) => children(list, "item"));
  const md5Sums = items.flatMap((item) => texts(item, "PicMd5Sum"));
  return {
    eventKey: token(xml, "EventKey") ?? "",
    count: decimal(info, "Count") ?? md5Sums.length,
    md5Sums,
  };
}

export function readLocationSelect(xml: XmlElement): LocationSelectContent | undefined {
  const info = child(xml, "SendLocationInfo");
  const location = info && readLocation(info);
  if (info === undefined || location === undefined) return undefined;
  return defined({
    eventKey: token(xml, "EventKey") ?? "",
    location,
    poiName: token(info, "Poiname"),
    appType: token(xml, "AppType"),
  });
}
