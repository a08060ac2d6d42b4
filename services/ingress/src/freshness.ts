/**
 * WeCom documents timestamp and nonce as a defence against replay but gives no window (WeCom doc 90930).
 * Pushes are repeated for some seconds and queues delay them, so the window must be minutes, not seconds.
 *
 * @param timestamp the signed query parameter, epoch seconds
 * @param maxSkewSeconds either side of now; 0 turns the check off
 */
export function isFresh(timestamp: string, nowMs: number, maxSkewSeconds: number): boolean {
  return maxSkewSeconds === 0 || Math.abs(skewSeconds(timestamp, nowMs)) <= maxSkewSeconds;
}

/** How far WeCom's clock is ahead of ours, in seconds. */
export function skewSeconds(timestamp: string, nowMs: number): number {
  return Number(timestamp) - nowMs / 1000;
}
