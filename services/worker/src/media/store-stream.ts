import { open, rm } from "node:fs/promises";

export class TooLargeError extends Error {
  override readonly name = "TooLargeError";
  constructor(limitBytes: number) {
    super(`more than ${limitBytes} bytes`);
  }
}

/**
 * Writes a stream to a new file that only we can read. Whatever goes wrong, nothing is left behind.
 *
 * @throws TooLargeError as soon as there is more than `limitBytes`; otherwise what the stream or the disk fails with
 */
export async function storeStream(
  source: AsyncIterable<Buffer> | Iterable<Buffer>,
  path: string,
  limitBytes: number,
): Promise<number> {
  const file = await open(path, "wx", 0o600);
  let sizeBytes = 0;
  try {
    for await (const chunk of source) {
      sizeBytes += chunk.length;
      if (sizeBytes > limitBytes) throw new TooLargeError(limitBytes);
      await file.writeFile(chunk);
    }
    await file.close();
    return sizeBytes;
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
}
