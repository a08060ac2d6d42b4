/** How long an agent may take for what. Time that the person takes does not count. */
export interface RunLimits {
  /** From the start of its process until it has a session. */
  readonly startMs: number;
  /** Without a word. */
  readonly idleMs: number;
  /** Without a word while a tool is at work. */
  readonly toolIdleMs: number;
  /** In all. */
  readonly hardMs: number;
}

export interface RunWatch {
  alive(): void;
  /** Returns the way back. */
  pause(): () => void;
  /** Milliseconds since the last sign of life. */
  silentMs(): number;
  stop(): void;
}

export function watchRun(deps: {
  readonly limits: RunLimits;
  readonly isToolBusy: () => boolean;
  readonly onExpire: (which: "idle" | "timeout") => void;
}): RunWatch {
  const { limits } = deps;
  let last = performance.now();
  let paused = 0;
  let spentMs = 0;
  let lookedAt = last;
  const look = () => {
    const now = performance.now();
    if (paused === 0) spentMs += now - lookedAt;
    lookedAt = now;
    if (paused > 0) return;
    if (spentMs >= limits.hardMs) deps.onExpire("timeout");
    else if (now - last >= (deps.isToolBusy() ? limits.toolIdleMs : limits.idleMs)) deps.onExpire("idle");
  };
  const everyMs = Math.max(Math.min(limits.idleMs, limits.toolIdleMs, limits.hardMs, 4000) / 4, 10);
  const timer = setInterval(look, everyMs);
  return {
    alive() {
      last = performance.now();
    },
    pause() {
      look();
      paused += 1;
      return () => {
        look();
        paused -= 1;
        last = performance.now();
      };
    },
    silentMs: () => performance.now() - last,
    stop: () => clearInterval(timer),
  };
}
