import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "@jest/globals";
import { startTracing } from "./start-tracing.ts";

describe("startTracing", () => {
  it("does nothing where it is not configured", async () => {
    const lifecycle = {
      use() {
        throw new Error("nothing to close");
      },
    };
    const logger = { info: () => undefined, warn: () => undefined };
    expect(await startTracing(undefined, { service: "worker", lifecycle, logger })).toBeUndefined();
  });

  it("loads the OpenTelemetry SDK only then: no other file of the package imports it", () => {
    const source = (name: string) => readFileSync(fileURLToPath(new URL(name, import.meta.url)), "utf8");
    expect(source("./otlp-tracer.ts")).toContain("@opentelemetry/");
    for (const name of ["./start-tracing.ts", "./tracer.ts", "../index.ts"]) {
      expect(source(name)).not.toContain("@opentelemetry/");
      expect(source(name)).not.toMatch(/from "[^"]*otlp-tracer/);
    }
  });
});
