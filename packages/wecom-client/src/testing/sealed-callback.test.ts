import { describe, expect, it } from "@jest/globals";
import { openEncrypted, parseEnvelope, parseMessage, prepareKeys } from "../callback/index.ts";
import { generateCallbackKeys, sealCallback, sealEchostr, textMessageXml } from "./index.ts";

const keys = generateCallbackKeys();
const base = { keys, corpId: "wwcorp" };

describe("sealed callbacks", () => {
  it("go all the way back to the message", () => {
    const message = textMessageXml({
      corpId: "wwcorp",
      agentId: "1000002",
      userId: "00123",
      msgId: "4561255354251345929",
      content: "a ]]> 🙂",
    });
    const { query, body } = sealCallback({ ...base, agentId: "1000002", message });
    const envelope = parseEnvelope(Buffer.from(body));
    expect(envelope).toMatchObject({ toUserName: "wwcorp", agentId: "1000002" });
    const { plaintext } = openEncrypted([prepareKeys(keys)], {
      msgSignature: query.msg_signature,
      timestamp: query.timestamp,
      nonce: query.nonce,
      encrypted: envelope.encrypted,
      receiveId: "wwcorp",
    });
    expect(parseMessage(plaintext)).toMatchObject({
      kind: "text",
      fromUserName: "00123",
      content: "a ]]> 🙂",
    });
  });

  it("go all the way back to the echostr, through a URL", () => {
    const { query } = sealEchostr({ ...base, echostr: "94966531020182955848408" });
    const read = new URLSearchParams(new URLSearchParams(query).toString());
    const { plaintext } = openEncrypted([prepareKeys(keys)], {
      msgSignature: read.get("msg_signature") ?? "",
      timestamp: read.get("timestamp") ?? "",
      nonce: read.get("nonce") ?? "",
      encrypted: read.get("echostr") ?? "",
      receiveId: "wwcorp",
    });
    expect(plaintext.toString()).toBe("94966531020182955848408");
  });

  it("are the same twice when nothing is left to chance", () => {
    const fixed = { timestamp: "1", nonce: "2", random16: Buffer.alloc(16) };
    const seal = () => sealCallback({ ...base, ...fixed, agentId: "1", message: "<xml/>" });
    expect(seal()).toEqual(seal());
  });
});
