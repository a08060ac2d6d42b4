import type { Session } from "@gateway/conversation";

export interface SessionSettings {
  /** Silence after which a new session begins; 0 for never. */
  readonly idleMs: number;
  /** Local hour at which sessions begin anew. */
  readonly dailyHour?: number;
}

/**
 * Why a new session is due before this turn, or undefined. The cause is the same however often it is asked for
 * the same gap, so that a turn which is given to two workers renews once.
 */
export function dueReset(session: Session, nowMs: number, settings: SessionSettings): string | undefined {
  const lastMs = session.lastTurnAtMs;
  if (lastMs === undefined) return undefined;
  if (settings.idleMs > 0 && nowMs - lastMs > settings.idleMs) return `idle-${lastMs}`;
  if (settings.dailyHour !== undefined && lastMs < latestHour(nowMs, settings.dailyHour))
    return `daily-${lastMs}`;
  return undefined;
}

/** When it last was that hour, in local time. */
function latestHour(nowMs: number, hour: number): number {
  const moment = new Date(nowMs);
  moment.setHours(hour, 0, 0, 0);
  if (moment.getTime() > nowMs) moment.setDate(moment.getDate() - 1);
  return moment.getTime();
}
