import { z } from "zod";
import { URL_LIMIT_BYTES } from "./limits.ts";

/** Building blocks of the message schemas. Issue texts never quote the value: it is message content. */

export function limited(limitBytes: number) {
  return z.string().refine((value) => Buffer.byteLength(value) <= limitBytes, {
    error: `is longer than ${limitBytes} bytes`,
    params: { code: "content_too_long" },
  });
}

export function required(limitBytes: number) {
  return limited(limitBytes).refine((value) => value !== "", { error: "is empty" });
}

/** With a scheme, as error 45034 demands. */
export const url = limited(URL_LIMIT_BYTES).refine((value) => /^[a-z][a-z0-9+.-]*:\/\//i.test(value), {
  error: "needs a scheme like https://",
});

export const mediaId = required(1024);

export function distinct<Item>(what: string, keyOf: (item: Item) => string | undefined) {
  return [
    (items: readonly Item[]) => {
      const keys = items.map(keyOf).filter((key) => key !== undefined);
      return new Set(keys).size === keys.length;
    },
    { error: `has the same ${what} twice` },
  ] as const;
}
