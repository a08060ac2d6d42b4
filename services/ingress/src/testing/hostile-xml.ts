import fc from "fast-check";

/** Elements that a message may have, and some that no message has. */
const NAMES = [
  ...[
    "ToUserName",
    "FromUserName",
    "CreateTime",
    "MsgType",
    "AgentID",
    "MsgId",
    "Event",
    "EventKey",
    "Content",
  ],
  ...["MediaId", "PicUrl", "Format", "Location_X", "Location_Y", "Scale", "Label", "Url", "Title", "TaskId"],
  ...["CardType", "ResponseCode", "SelectedItems", "SelectedItem", "ScanCodeInfo", "SendPicsInfo", "PicList"],
  ...[
    "SendLocationInfo",
    "ChangeType",
    "ApprovalInfo",
    "BatchJob",
    "constructor",
    "__proto__",
    "toString",
    "xml",
  ],
];
const TYPES = [
  "text",
  "image",
  "voice",
  "video",
  "location",
  "link",
  "file",
  "event",
  "EVENT",
  "news",
  "hasOwnProperty",
];
const EVENTS = [
  ...[
    "click",
    "CLICK",
    "view",
    "enter_agent",
    "template_card_event",
    "template_card_menu_event",
    "subscribe",
  ],
  ...[
    "scancode_push",
    "pic_weixin",
    "location_select",
    "change_contact",
    "sys_approval_change",
    "batch_job_result",
  ],
  ...["constructor", "valueOf", "tomorrow's event"],
];
const PEOPLE = [
  "zhangsan",
  "@all",
  "@chat:1",
  "a|b",
  "sys",
  "0",
  " ",
  "u".repeat(600),
  "张三",
  "a:b/c%",
  "a\u0000b",
];
const NUMBERS = [
  "0",
  "1700000000",
  "-1",
  "1e9",
  "NaN",
  "9".repeat(30),
  "0x10",
  "1.5",
  "１",
  "4561255354251345929",
];
const ODD = [
  "\u0000",
  "\ufffe",
  "\u202e",
  "\r\n",
  "]]",
  "<![CDATA[",
  "&#0;",
  "&#xD800;",
  "&lol;",
  "<!--",
  "<?x?>",
  "😀",
];

/** Any characters, lone surrogates left out: they cannot be written as UTF-8. */
const words = fc.string({ unit: "binary", maxLength: 40 }).map((text) => text.toWellFormed());
const long = fc.nat(60_000).map((length) => "长x".repeat(length / 4));
const scalar = fc.oneof(
  { arbitrary: words, weight: 4 },
  { arbitrary: fc.constantFrom(...TYPES, ...EVENTS, ...PEOPLE, ...NUMBERS, ...ODD), weight: 6 },
  { arbitrary: long, weight: 1 },
);
const cdata = scalar.map((text) => `<![CDATA[${text.replaceAll("]]>", "")}]]>`);

const { content } = fc.letrec<{ content: string; element: string }>((tie) => ({
  content: fc.oneof(
    { depthSize: "small" },
    cdata,
    scalar,
    fc.array(tie("element"), { maxLength: 4 }).map((elements) => elements.join("")),
  ),
  element: fc
    .tuple(fc.constantFrom(...NAMES), tie("content"))
    .map(([name, inner]) => `<${name}>${inner}</${name}>`),
}));
const deep = fc.nat(3000).map((depth) => `${"<A>".repeat(depth)}${"</A>".repeat(depth)}`);

/** What makes a document a message, each with a good chance to be in order: else nothing gets past the first check. */
const head = fc.record({
  ToUserName: fc.constantFrom("ww1234567890abcdef", "ww2"),
  FromUserName: fc.constantFrom("zhangsan", ...PEOPLE),
  CreateTime: fc.constantFrom("1700000000", "1700000000", ...NUMBERS),
  MsgType: fc.constantFrom(...TYPES),
  AgentID: fc.constantFrom("1000002", "1000002", "", "7"),
  Event: fc.constantFrom(...EVENTS),
});
const children = fc.array(
  fc.tuple(
    fc.constantFrom(...NAMES),
    fc.oneof({ arbitrary: content, weight: 9 }, { arbitrary: deep, weight: 1 }),
  ),
  { maxLength: 8 },
);

/** Documents that whoever has an app's keys could sign: some are messages, most are nearly. */
export const hostileXml = fc.tuple(head, children).map(([fields, more]) => {
  const common = Object.entries(fields).map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`);
  return `<xml>${common.join("")}${more.map(([name, inner]) => `<${name}>${inner}</${name}>`).join("")}</xml>`;
});
