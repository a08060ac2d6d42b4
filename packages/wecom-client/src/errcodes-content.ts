import type { ErrcodeGroup } from "./errcode-row.ts";
import { CARD_ERRCODES } from "./errcodes-card.ts";

const recipient = {
  kind: "recipient",
  by: "operator",
  remedy:
    "Check the id in the contacts, and that the receiver is in the app's visible range (应用管理 → the app → 可见范围).",
} as const;

/** Codes about one message, one file or its receivers: the next message may well pass. */
export const CONTENT_ERRCODES: readonly ErrcodeGroup[] = [
  {
    ...recipient,
    rows: [
      [40003, "the user id is not valid"],
      [40031, "the list of user ids is not valid"],
      [40066, "the list of departments is not valid"],
      [40068, "the tag is not valid"],
      [40070, "none of the tagged receivers is valid"],
      [43004, "the member has not connected WeChat to WeCom"],
      [46004, "the user does not exist"],
      [50002, "the member is outside the app's permission"],
      [60011, "the app has no permission for this member, department or tag"],
      [60021, "the user is not in the app's visible range"],
      [60111, "the user id does not exist"],
      [81013, "every receiver is invalid or outside the app's visible range"],
      [301021, "the user id is not valid"],
    ],
  },
  {
    kind: "content",
    by: "sender",
    remedy: "Name at least one receiver, and not more than 1000 users, 100 departments and 100 tags.",
    rows: [
      [40032, "there are too many user ids"],
      [82001, "there is no receiver"],
      [82002, "there are too many departments"],
      [82003, "there are too many tags"],
    ],
  },
  {
    kind: "content",
    by: "gateway",
    remedy: "Upload the file again and send with the new media id; ids are good for three days.",
    rows: [[40007, "the media id is invalid, expired, or of another type"]],
  },
  {
    kind: "content",
    by: "sender",
    remedy:
      "Image: JPG or PNG to 10 MB. Voice: AMR to 2 MB and 60 s. Video: MP4 to 10 MB. File: to 20 MB. More than 5 bytes each.",
    rows: [
      [40004, "the media file's type is not accepted"],
      [40005, "the media type is not one of image, voice, video, file"],
      [40006, "the media file's size is not accepted"],
      [40009, "the image's size is not accepted"],
      [40011, "the video's size is not accepted"],
      [40123, "the image is broken or not an image"],
      [44001, "the media file is empty, or its form data could not be read"],
      [45001, "the media file is too large"],
      [45007, "the voice message is longer than 60 seconds"],
      [301016, "the voice file does not meet WeCom's requirements"],
      [301017, "the voice file is not AMR"],
      [830002, "the file is over 20 MB and has to be fetched in ranges"],
    ],
  },
  {
    kind: "content",
    by: "sender",
    remedy: "Split it: text and markdown take 2048 bytes, mpnews 666 KB, news 8 articles.",
    rows: [
      [45002, "the message is too large"],
      [45008, "there are more than 8 articles"],
      [45032, "the author is longer than 64 bytes"],
    ],
  },
  {
    kind: "content",
    by: "sender",
    remedy: "Change the wording: WeCom refuses this text, and will again.",
    rows: [
      [40033, "the message has characters WeCom does not accept"],
      [40201, "WeCom's spam filter stopped the message"],
      [40204, "WeCom's content filter stopped the message"],
      [82004, "the message could crash WeCom's clients"],
      [85002, "the message has forbidden words"],
    ],
  },
  {
    kind: "content",
    by: "sender",
    remedy: "Correct the message's fields.",
    rows: [
      [40008, "the message type is not valid"],
      [40035, "a parameter is not valid"],
      [40039, "a URL is too long"],
      [
        40058,
        "a parameter is not valid, too long, or the JSON is broken (recall: the message is another app's)",
      ],
      [40063, "a parameter is missing"],
      [40074, "news cannot be confidential; mpnews can"],
      [41016, "the title is missing"],
      [41033, "the description is missing"],
      [44004, "the text is empty"],
      [90200, "the mini program's appid is missing"],
      [90201, "there are too many items in the mini program notice"],
      [90202, "an item's key in the mini program notice is too long"],
      [90203, "an item's value in the mini program notice is too long"],
      [90204, "the mini program's page is not valid"],
      [90206, "the mini program is not linked to the corp"],
      [90207, "the mini program's appid is not valid"],
      [90208, "the mini program's appid is not the app's"],
    ],
  },
  {
    kind: "content",
    by: "sender",
    remedy: "It is too late for this; nothing can be done.",
    rows: [
      [42052, "the message is older than 24 hours and can no longer be recalled"],
      [60140, "the card's response code was used or is older than 72 hours"],
    ],
  },
  {
    kind: "content",
    by: "sender",
    remedy: "Let the user log in again: a code works once and for five minutes.",
    rows: [
      [40029, "the OAuth code is not valid"],
      [42003, "the OAuth code has expired"],
      [42022, "the OAuth code was used already"],
    ],
  },
  ...CARD_ERRCODES,
];
