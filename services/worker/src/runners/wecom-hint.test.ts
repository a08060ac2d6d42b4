import { describe, expect, it } from "@jest/globals";
import { wecomHint } from "./wecom-hint.ts";

describe("wecomHint", () => {
  it("tells the limits, and of which directories files may be sent", () => {
    const hint = wecomHint({ mediaDirs: ["/srv/out", "/srv/reports"] });
    expect(hint).toContain("2048 bytes");
    expect(hint).toContain("MEDIA:/absolute/path");
    expect(hint).toContain("/srv/out or /srv/reports");
    expect(hint).toContain("10 MB");
  });

  it("promises no files where none may be sent", () => {
    const hint = wecomHint({ mediaDirs: [] });
    expect(hint).not.toContain("MEDIA:");
    expect(hint).toContain("cannot send files");
  });

  it("puts what the operator says behind it", () => {
    const hint = wecomHint({ mediaDirs: [] });
    expect(wecomHint({ mediaDirs: [], instructions: "Speak French." })).toBe(`${hint}\n\nSpeak French.`);
  });
});
