/** The id of a reply that tells of a turn. Fixed, so that a run resumed after a crash tells nothing twice. */
export function noticeId(turnId: string, name: string): string {
  return `no-${turnId}-${name}`;
}
