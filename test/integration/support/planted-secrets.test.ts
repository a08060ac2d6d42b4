import { describe, expect, it } from "@jest/globals";
import { plantSecret, takeLeaks } from "../../support/planted-secrets.ts";
import { spawnProcess } from "../../support/process.ts";

describe("the watch over what processes print", () => {
  it("finds a planted secret on either stream, also one that arrives in pieces", async () => {
    plantSecret("the first", "planted-secret-one");
    plantSecret("the second", "planted-secret-two");
    const script = `
      process.stdout.write("… planted-secret-one …");
      process.stderr.write("planted-sec");
      setTimeout(() => process.stderr.write("ret-two"), 50);`;
    const child = spawnProcess({ name: "blabber", command: process.execPath, args: ["-e", script] });
    await child.waitForLog(/ret-two/);
    await child.exited;
    expect(takeLeaks().sort()).toEqual(["blabber printed the first", "blabber printed the second"]);
    expect(takeLeaks()).toEqual([]);
  });

  it("finds nothing where nothing is", async () => {
    const child = spawnProcess({
      name: "quiet",
      command: process.execPath,
      args: ["-e", "console.log('fine')"],
    });
    await child.waitForLog(/fine/);
    await child.exited;
    expect(takeLeaks()).toEqual([]);
  });
});
