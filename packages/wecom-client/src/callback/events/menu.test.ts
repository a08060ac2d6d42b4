import { describe, expect, it } from "@jest/globals";
import type { XmlFields } from "../../testing/index.ts";
import { eventXml } from "../../testing/index.ts";
import { parseMessage } from "../message.ts";

const common = { corpId: "ww1", agentId: "1000002", userId: "sys", createTime: 1409659813 };

function parse(event: string, fields: XmlFields) {
  return parseMessage(Buffer.from(eventXml({ ...common, event, fields })));
}

describe("menu events", () => {
  it("collect pictures from a repeated PicList and from repeated items", () => {
    const PicList = [{ item: { PicMd5Sum: "1" } }, { item: [{ PicMd5Sum: "2" }, { PicMd5Sum: "3" }] }];
    expect(parse("pic_weixin", { EventKey: "6", SendPicsInfo: { Count: 3, PicList } })).toMatchObject({
      count: 3,
      md5Sums: ["1", "2", "3"],
    });
  });

  it("accept an empty list of pictures", () => {
    const event = parse("pic_weixin", { EventKey: "6", SendPicsInfo: { Count: 0, PicList: "" } });
    expect(event).toMatchObject({ kind: "event", count: 0, md5Sums: [] });
  });
});
