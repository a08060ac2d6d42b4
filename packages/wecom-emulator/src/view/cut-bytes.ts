/**
 * Cuts text to a number of UTF-8 bytes, as WeCom cuts what is too long for a field. A code point that the cut goes
 * through is left out.
 */
export function cutBytes(text: string, limitBytes: number): string {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length <= limitBytes) return text;
  let end = limitBytes;
  // Continuation bytes look like 10xxxxxx: step back to the byte that starts the code point.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString("utf8");
}
