import { describe, expect, it } from "@jest/globals";
import { isFresh } from "./freshness.ts";

const nowMs = 1_700_000_000_000;
const at = (offsetSeconds: number) => String(nowMs / 1000 + offsetSeconds);

describe("the freshness window", () => {
  it("reaches equally far to both sides and includes its ends", () => {
    for (const offset of [-600, -599, 0, 599, 600]) expect(isFresh(at(offset), nowMs, 600)).toBe(true);
    for (const offset of [-601, 601]) expect(isFresh(at(offset), nowMs, 600)).toBe(false);
  });

  it("is off at 0", () => {
    expect(isFresh("1409659813", nowMs, 0)).toBe(true);
  });

  it("closes for a timestamp of another magnitude", () => {
    expect(isFresh(String(nowMs), nowMs, 600)).toBe(false);
    expect(isFresh("9999999999999999", nowMs, 600)).toBe(false);
  });
});
