import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { API_COMPONENTS, openApiDocument } from "./openapi.ts";

describe("the OpenAPI document", () => {
  it("says of every schema what the schema says", () => {
    expect(Object.keys(openApiDocument.components.schemas)).toEqual(Object.keys(API_COMPONENTS));
    for (const [name, schema] of Object.entries(API_COMPONENTS)) {
      const { $schema, ...expected } = z.toJSONSchema(schema, { io: "input" });
      expect($schema).toBe("https://json-schema.org/draft/2020-12/schema");
      expect(openApiDocument.components.schemas[name]).toEqual(expected);
    }
  });

  it("holds together: every reference leads somewhere, every operation has a name of its own", () => {
    const json = JSON.stringify(openApiDocument);
    const names = [...json.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(new Set(names)).toEqual(new Set(Object.keys(API_COMPONENTS)));
    const operations = [...json.matchAll(/"operationId":"(\w+)"/g)].map(([, id]) => id);
    expect(new Set(operations).size).toBe(operations.length);
    expect(operations.length).toBe(8);
  });

  it("says what a request needs", () => {
    const { SendRequest } = openApiDocument.components.schemas;
    expect(SendRequest).toMatchObject({ required: ["to", "message"], additionalProperties: false });
    expect(JSON.stringify(SendRequest)).toContain("template_card");
  });
});
