/** Tells when a run has given no sign of life for too long. Time that it waits for the person does not count. */
export interface IdleWatch {
  alive(): void;
  pause(): () => void;
  stop(): void;
}

const WARN_AT = 0.75;

export function watchIdle(deps: {
  limitMs: number;
  onWarn: (idleMs: number) => void;
  onExpire: () => void;
}): IdleWatch {
  let paused = 0;
  let isStopped = false;
  let warn: NodeJS.Timeout | undefined;
  let expire: NodeJS.Timeout | undefined;
  const clear = () => {
    clearTimeout(warn);
    clearTimeout(expire);
  };
  const restart = () => {
    clear();
    if (paused > 0 || isStopped) return;
    warn = setTimeout(() => deps.onWarn(deps.limitMs * WARN_AT), deps.limitMs * WARN_AT);
    expire = setTimeout(deps.onExpire, deps.limitMs);
  };
  restart();
  return {
    alive: restart,
    pause() {
      paused += 1;
      clear();
      return () => {
        paused -= 1;
        restart();
      };
    },
    stop() {
      // A pause may end after the run has: an approval that was cut off.
      isStopped = true;
      clear();
    },
  };
}
