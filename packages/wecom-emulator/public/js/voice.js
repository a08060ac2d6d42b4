/** Seconds of silence as AMR, the one format that WeCom records in: 50 frames of 32 bytes a second. */
export function silentVoice(seconds) {
  const header = new TextEncoder().encode("#!AMR\n");
  const frames = new Uint8Array(seconds * 50 * 32);
  for (let start = 0; start < frames.length; start += 32) frames[start] = 0x3c;
  return new Blob([header, frames]);
}
