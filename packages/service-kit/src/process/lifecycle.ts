import type { Logger } from "pino";
import type { ProcessLike } from "./install-signals.ts";
import { installSignals } from "./install-signals.ts";

const FORCE_MS = 10_000;
/** How long a process may take to end by itself after the last releaser. */
const LINGER_MS = 2000;

/** Who was opened, in what order it closes, and what happens when something does not. */
export interface Lifecycle {
  /** Aborted as soon as a shutdown begins: take no new work. */
  readonly stopping: AbortSignal;
  /** Aborted when the grace is over, or on a second signal: give back or drop the work at hand. */
  readonly forced: AbortSignal;
  /** Whatever is opened first is released last. A releaser waits for its work and gives up on `forced`. */
  use(name: string, close: () => Promise<void> | void): void;
  /** Signals and crashes of this process; call once, in the main file. */
  install(process: ProcessLike): void;
  /** Runs the releasers; a second call forces. Never rejects: a releaser that fails is logged. */
  shutdown(reason: string): Promise<void>;
}

export interface LifecycleOptions {
  readonly logger: Logger;
  /** How long work at hand may go on after a shutdown began. */
  readonly graceMs: number;
  /** How long releasers get after that, before the backstop ends the process. Default 10 s. */
  readonly forceMs?: number;
}

export function createLifecycle(options: LifecycleOptions): Lifecycle {
  return new ProcessLifecycle(options);
}

interface Releaser {
  readonly name: string;
  readonly close: () => Promise<void> | void;
}

class ProcessLifecycle implements Lifecycle {
  readonly #logger: Logger;
  readonly #graceMs: number;
  readonly #forceMs: number;
  readonly #stopping = new AbortController();
  readonly #forced = new AbortController();
  readonly #releasers: Releaser[] = [];
  /** The releaser that the shutdown waits for. */
  #current: string | undefined;
  #running: Promise<void> | undefined;
  #process: ProcessLike | undefined;

  constructor({ logger, graceMs, forceMs = FORCE_MS }: LifecycleOptions) {
    this.#logger = logger;
    this.#graceMs = graceMs;
    this.#forceMs = forceMs;
  }

  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  get forced(): AbortSignal {
    return this.#forced.signal;
  }

  use(name: string, close: () => Promise<void> | void): void {
    this.#releasers.push({ name, close });
  }

  install(process: ProcessLike): void {
    this.#process = process;
    installSignals(process, { logger: this.#logger, shutdown: (reason) => this.shutdown(reason) });
  }

  shutdown(reason: string): Promise<void> {
    // Begun a tick later, so that a call from within a listener of `stopping` finds it running.
    if (this.#running === undefined) this.#running = Promise.resolve().then(() => this.#run(reason));
    else this.#force(`asked again (${reason})`);
    return this.#running;
  }

  async #run(reason: string): Promise<void> {
    this.#logger.info({ reason, graceMs: this.#graceMs }, "shutdown: begun");
    const grace = setTimeout(() => this.#force("the grace is over"), this.#graceMs);
    this.#stopping.abort();
    let failures = 0;
    for (let next = this.#releasers.pop(); next !== undefined; next = this.#releasers.pop()) {
      failures += (await this.#release(next)) ? 0 : 1;
    }
    clearTimeout(grace);
    this.#logger.info({ failures }, "shutdown: done");
    this.#leave(failures === 0 ? 0 : 1);
  }

  async #release({ name, close }: Releaser): Promise<boolean> {
    this.#current = name;
    try {
      await close();
      return true;
    } catch (error) {
      this.#logger.error({ err: error, releaser: name }, "shutdown: a releaser failed");
      return false;
    } finally {
      this.#current = undefined;
    }
  }

  #force(why: string): void {
    if (this.#forced.signal.aborted || this.#running === undefined) return;
    this.#logger.warn({ waitingFor: this.#current }, `shutdown: ${why}, forcing`);
    const backstop = setTimeout(() => {
      const text = `shutdown: this releaser did not end ${this.#forceMs} ms after it was forced, exiting without it`;
      this.#logger.fatal({ waitingFor: this.#current }, text);
      this.#process?.exit(1);
    }, this.#forceMs);
    void this.#running.finally(() => clearTimeout(backstop));
    this.#forced.abort();
  }

  /** A process with nothing left open ends by itself. The timer keeps nothing open: it only meets what is. */
  #leave(exitCode: number): void {
    const process = this.#process;
    if (process === undefined) return;
    process.exitCode ??= exitCode;
    const linger = setTimeout(() => {
      this.#logger.warn({ open: process.getActiveResourcesInfo() }, "shutdown: still open, exiting anyway");
      process.exit();
    }, LINGER_MS);
    linger.unref();
  }
}
