import type { XmlElement } from "./xml.ts";
import { decimal, defined, text, token } from "./xml-fields.ts";

/** What each kind of message carries beyond the common fields (WeCom doc 90239). */
export interface MessageContents {
  text: TextContent;
  image: ImageContent;
  voice: VoiceContent;
  video: VideoContent;
  location: LocationContent;
  link: LinkContent;
  file: FileContent;
}

interface TextContent {
  /** Exactly as the user typed it, leading and trailing spaces included. Emoji may be tokens such as `[微笑]`. */
  readonly content: string;
}
interface ImageContent {
  /** Valid for 3 days. */
  readonly mediaId: string;
  /** Needs no access token; "" when absent. */
  readonly picUrl: string;
}
interface VoiceContent {
  readonly mediaId: string;
  /** `amr` or `speex`; "" when absent. */
  readonly format: string;
}
interface VideoContent {
  readonly mediaId: string;
  readonly thumbMediaId?: string;
}
export interface LocationContent {
  /** Decimal degrees. */
  readonly latitude: number;
  /** Decimal degrees. */
  readonly longitude: number;
  /** Map zoom. */
  readonly scale?: number;
  readonly label: string;
  /** `wxwork` when sent from the WeCom client, absent when sent from WeChat. */
  readonly appType?: string;
}
interface LinkContent {
  readonly title: string;
  readonly description: string;
  readonly url: string;
  readonly picUrl: string;
}
/** Not documented for self-built apps: the fields are those that WeCom's sister products send. */
interface FileContent {
  readonly mediaId?: string;
  readonly fileKey?: string;
  readonly fileMd5?: string;
  readonly title?: string;
  readonly description?: string;
  readonly sizeBytes?: number;
}

/**
 * One reader for each kind. A reader returns undefined when what makes the message useful is missing; the
 * message then counts as unsupported, so that nobody downstream meets an image without a media id.
 */
export const MESSAGE_READERS: {
  readonly [K in keyof MessageContents]: (xml: XmlElement) => MessageContents[K] | undefined;
} = {
  text: (xml) => {
    const content = text(xml, "Content");
    return content === undefined ? undefined : { content };
  },
  image: (xml) => {
    const mediaId = token(xml, "MediaId");
    return mediaId === undefined ? undefined : { mediaId, picUrl: token(xml, "PicUrl") ?? "" };
  },
  voice: (xml) => {
    const mediaId = token(xml, "MediaId");
    return mediaId === undefined ? undefined : { mediaId, format: token(xml, "Format") ?? "" };
  },
  video: (xml) => {
    const mediaId = token(xml, "MediaId");
    return mediaId === undefined ? undefined : defined({ mediaId, thumbMediaId: token(xml, "ThumbMediaId") });
  },
  location: readLocation,
  link: (xml) => {
    const url = token(xml, "Url");
    return url === undefined
      ? undefined
      : {
          title: text(xml, "Title") ?? "",
          description: text(xml, "Description") ?? "",
          url,
          picUrl: token(xml, "PicUrl") ?? "",
        };
  },
  file: (xml) =>
    defined({
      mediaId: token(xml, "MediaId"),
      fileKey: token(xml, "FileKey"),
      fileMd5: token(xml, "FileMd5"),
      title: text(xml, "Title"),
      description: text(xml, "Description"),
      sizeBytes: decimal(xml, "FileTotalLen"),
    }),
};

/** `Location_X` is the latitude and `Location_Y` the longitude, here and in the menu event. */
export function readLocation(xml: XmlElement): LocationContent | undefined {
  const latitude = decimal(xml, "Location_X");
  const longitude = decimal(xml, "Location_Y");
  if (latitude === undefined || longitude === undefined) return undefined;
  return defined({
    latitude,
    longitude,
    scale: decimal(xml, "Scale"),
    label: text(xml, "Label") ?? "",
    appType: token(xml, "AppType"),
  });
}
