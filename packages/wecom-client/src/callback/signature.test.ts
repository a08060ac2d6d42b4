import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { computeSignature, isSignatureValid } from "./signature.ts";

const values = { token: "QDG6eK", timestamp: "1409659813", nonce: "1372623149", encrypted: "Zm9v" };
const signature = computeSignature(values);

describe("signature", () => {
  it("accepts what it computed", () => {
    expect(isSignatureValid({ ...values, signature })).toBe(true);
  });

  it.each(["token", "timestamp", "nonce", "encrypted"] as const)("covers the %s", (name) => {
    expect(isSignatureValid({ ...values, [name]: `${values[name]}1`, signature })).toBe(false);
  });

  it("sorts upper case before lower case", () => {
    // sha1("A" + "B" + "a" + "b")
    const mixed = { token: "b", timestamp: "A", nonce: "a", encrypted: "B" };
    expect(computeSignature(mixed)).toBe("4cf88ce142afe906ce4444ea98fddf229bf2392b");
  });

  it.each([
    ["empty", ""],
    ["one digit short", signature.slice(1)],
    ["one digit long", `${signature}0`],
    ["not hexadecimal", `g${signature.slice(1)}`],
    ["upper case", signature.toUpperCase()],
    ["followed by a line break", `${signature}\n`],
    ["right length in another script", "签".repeat(40)],
  ])("refuses without throwing: %s", (_name, wrong) => {
    expect(isSignatureValid({ ...values, signature: wrong })).toBe(false);
  });

  it("refuses a query parameter that came twice or not at all", () => {
    for (const wrong of [[signature], undefined, null]) {
      expect(isSignatureValid({ ...values, signature: wrong as unknown as string })).toBe(false);
    }
  });

  it("never throws and never accepts a signature it did not compute", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (wrong) => {
        fc.pre(wrong !== signature);
        expect(isSignatureValid({ ...values, signature: wrong })).toBe(false);
      }),
    );
  });
});
