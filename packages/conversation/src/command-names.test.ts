import { describe, expect, it } from "@jest/globals";
import { COMMAND_NAMES, commandAliases, parseCommand } from "./command-names.ts";

describe("parseCommand", () => {
  it("knows every command by every name, in either slash", () => {
    for (const name of COMMAND_NAMES) {
      for (const alias of [name, ...commandAliases(name)]) {
        expect(parseCommand(`/${alias}`)).toEqual({ name, args: "" });
        expect(parseCommand(`／${alias} a  b\nc `)).toEqual({ name, args: "a  b\nc" });
      }
    }
  });

  it("gives no alias to two commands", () => {
    const all = COMMAND_NAMES.flatMap((name) => [name, ...commandAliases(name)]);
    expect(new Set(all).size).toBe(all.length);
  });

  it.each(["/unknown", "stop", "/", "//stop", "/etc/passwd", "/stop/it", "停止", "a /stop", "/STOPPING"])(
    "leaves %j to the agent",
    (text) => {
      expect(parseCommand(text)).toBeUndefined();
    },
  );

  it("does not mind capitals and surrounding space", () => {
    expect(parseCommand("  /Stop ")).toEqual({ name: "stop", args: "" });
  });
});
