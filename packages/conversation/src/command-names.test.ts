import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { COMMAND_NAMES, commandAliases, parseCommand } from "./command-names.ts";

/** Any UTF-16, also what is no text. */
const anyText = (maxLength: number) =>
  fc.array(fc.nat(0xffff), { maxLength }).map((units) => String.fromCharCode(...units));

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

  it("reads any command as it was meant, however it is typed", () => {
    const wide = (text: string) =>
      text.replace(/[!-~]/g, (char) => String.fromCodePoint((char.codePointAt(0) ?? 0) + 0xfee0));
    const styles = [(text: string) => text, (text: string) => text.toUpperCase(), wide];
    const command = fc
      .constantFrom(...COMMAND_NAMES)
      .chain((name) => fc.tuple(fc.constant(name), fc.constantFrom(name, ...commandAliases(name))));
    const space = fc.constantFrom("", " ", "\u3000", "\t\n");
    const gap = fc.constantFrom(" ", "\u3000", "\n", " \u00a0 ");
    const args = fc.oneof(fc.constant(""), anyText(40), fc.constantFrom("#A2", "/stop", "／", "停止"));
    fc.assert(
      fc.property(
        command,
        space,
        fc.constantFrom("/", "／"),
        fc.constantFrom("", " ", "\u3000"),
        fc.constantFrom(...styles),
        gap,
        args,
        ([name, alias], before, slash, after, style, between, rest) => {
          expect(parseCommand(`${before}${slash}${after}${style(alias)}${between}${rest}`)).toEqual({
            name,
            args: rest.trim(),
          });
        },
      ),
    );
  });

  it("takes nothing for a command that does not begin with a slash and one of the names", () => {
    const names = COMMAND_NAMES.flatMap((name) => [name, ...commandAliases(name)]);
    const word = fc.oneof(
      fc.constantFrom(...names, "/", "／", " ", "\n", "请", "a", "，", "constructor", "__proto__"),
      anyText(8),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        const text = words.join("");
        const parsed = parseCommand(text);
        if (parsed === undefined) return;
        const [, first = ""] = /^\s*[/／]\s?(\S+)/u.exec(text) ?? [];
        expect([parsed.name, ...commandAliases(parsed.name)]).toContain(
          first.normalize("NFKC").toLowerCase(),
        );
        expect(parsed.args).toBe(parsed.args.trim());
      }),
    );
  });
});
