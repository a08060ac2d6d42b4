export interface Alarm {
  /** Ends the wait that is under way, or the next one at once. */
  ring(): void;
  wait(ms: number): Promise<void>;
}

/** A pause that can be cut short. */
export function createAlarm(): Alarm {
  let isRung = false;
  let wake: () => void = () => undefined;
  return {
    ring() {
      isRung = true;
      wake();
    },
    async wait(ms) {
      if (!isRung)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      isRung = false;
    },
  };
}
