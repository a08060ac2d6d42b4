const TRIAL_MS = 60_000;

/**
 * A worker that dies takes everything it was running along, and nobody can tell which message it died of. What has cost
 * two workers is therefore tried: no other suspect beside it. So a message that kills its worker takes no
 * innocent one with it for the third time.
 */
export interface Trials {
  /** Gives the way out of the trial; undefined while another turn is on trial in this worker. */
  begin(): (() => void) | undefined;
}

/**
 * A trial lasts a minute at most, though its turn may go on: what kills does so early, as a rule, and after two
 * failures of a machine a hundred harmless long turns must not wait for each other's ends.
 */
export function createTrials(trialMs = TRIAL_MS): Trials {
  let isOn = false;
  return {
    begin() {
      if (isOn) return undefined;
      isOn = true;
      let isOurs = true;
      const end = () => {
        if (!isOurs) return;
        isOurs = false;
        isOn = false;
        clearTimeout(timer);
      };
      const timer = setTimeout(end, trialMs).unref();
      return end;
    },
  };
}
