import { describe, expect, it } from "@jest/globals";
import { createAgentKeys } from "./agent-keys.ts";

const app = (name: string, agentId: string, runner: object) =>
  ({ name, corpId: "ww1", agentId, runner }) as never;
const withKey = app("sales", "1", { kind: "http", apiKey: "k" });
const others = [app("demo", "2", { kind: "demo" }), app("open", "3", { kind: "http" })];

describe("the keys of agents that answer later", () => {
  it("are found by the conversation, and by no other app's", () => {
    const keys = createAgentKeys([withKey, ...others]);
    expect(keys.of("ww1:1:zhangsan")).toEqual({ app: "sales", key: "k" });
    expect(keys.of("ww1:2:zhangsan")).toBeUndefined();
    expect(keys.of("ww1:3:zhangsan")).toBeUndefined();
    expect(keys.of("ww2:1:zhangsan")).toBeUndefined();
  });

  it("are there or not, also after a change of the configuration", () => {
    const keys = createAgentKeys(others);
    expect(keys.areThere()).toBe(false);
    keys.replace([...others, withKey]);
    expect(keys.areThere()).toBe(true);
    keys.replace(others);
    expect(keys.areThere()).toBe(false);
  });
});
