import { afterAll } from "@jest/globals";
import { takeLeaks } from "./planted-secrets.ts";

// At the end of every integration test file: no service may have printed a secret it was given.
afterAll(() => {
  const found = takeLeaks();
  if (found.length > 0) throw new Error(found.join("; "));
});
