import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { describeSpawnLimit } from "../../../services/worker/src/runners/spawn-limit.ts";

// Retires the risk that a machine which is short of something for a moment has messages set aside for good.

const SCRIPT = fileURLToPath(new URL("./spawn-at-limit.mjs", import.meta.url));

describe("a program that cannot be started", () => {
  it("for want of open files is tried again, and the limit is named", async () => {
    const command = `ulimit -n 1024; exec "${process.execPath}" "${SCRIPT}"`;
    const { stdout } = await promisify(execFile)("sh", ["-c", command]);
    const { result, thrown } = JSON.parse(stdout);
    expect(result).toMatchObject({ status: "failed", retryable: true });
    expect(result.detail).toMatch(/EMFILE.*ulimit -n/);
    expect(thrown).toBe("EMFILE");
  });

  it.each(["EAGAIN", "EMFILE", "ENFILE", "ENOMEM"])("for %s met a limit", (code) => {
    expect(describeSpawnLimit(code)).toContain(code);
  });

  it.each(["ENOENT", "EACCES", undefined])("for %s has to be mended", (code) => {
    expect(describeSpawnLimit(code)).toBeUndefined();
  });
});
