import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { eventsUntil } from "../timeline/harness.ts";
import type { TestApi } from "./harness.ts";
import { startApi, text } from "./harness.ts";

describe("the API's document", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  it("lists the operations that there are, and their answers have the fields it names", async () => {
    const { json: document } = await api.call("GET", "/openapi.json");
    expect(document.openapi).toBe("3.1.0");
    const { json: sent } = await api.send({ to: { all: true }, message: text("x") });
    await eventsUntil(api.gateway, sent.id, "finished");
    for (const [path, operations] of Object.entries<Record<string, Operation>>(document.paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        const answer = await api.call(method.toUpperCase(), path.replace("{id}", sent.id));
        expect(answer.json.error).not.toBe("not_found");
        const documented = operation.responses[answer.status];
        expect([path, method, answer.status, documented !== undefined]).toEqual([
          path,
          method,
          answer.status,
          true,
        ]);
        const reference = documented?.content?.["application/json"].schema.$ref.split("/").at(-1);
        if (reference === undefined) continue;
        const { required, properties, additionalProperties } = document.components.schemas[reference];
        expect(Object.keys(answer.json)).toEqual(expect.arrayContaining(required));
        if (additionalProperties === false)
          expect(Object.keys(properties)).toEqual(expect.arrayContaining(Object.keys(answer.json)));
      }
    }
  });
});

interface Operation {
  readonly responses: Readonly<
    Record<
      string,
      { readonly content?: { readonly "application/json": { readonly schema: { readonly $ref: string } } } }
    >
  >;
}
