import type { Texts } from "@gateway/texts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time in words, in its two largest units. */
export function durationText(texts: Pick<Texts, "duration">, ms: number): string {
  const total = Math.max(Math.round(ms / 1000), 0);
  const { seconds, minutes, hours, days } = texts.duration;
  if (total < MINUTE) return seconds({ seconds: total });
  if (total < HOUR) return minutes({ minutes: Math.floor(total / MINUTE), seconds: total % MINUTE });
  if (total < DAY)
    return hours({ hours: Math.floor(total / HOUR), minutes: Math.floor((total % HOUR) / MINUTE) });
  return days({ days: Math.floor(total / DAY), hours: Math.floor((total % DAY) / HOUR) });
}
