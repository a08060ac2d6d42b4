import type { Redis } from "ioredis";
import { z } from "zod";
import type { Fence } from "./fence.ts";
import type { Keys } from "./keys.ts";
import { createRedisScript } from "./redis-script.ts";

/** What a runner keeps: plain JSON, understood by the runner that wrote it alone. */
export type RunnerState = Readonly<Record<string, unknown>>;

/** `run` and `session` together, as JSON. */
const CHECKPOINT_LIMIT_BYTES = 64 * 1024;
/** One step, as JSON. */
const STEP_LIMIT_BYTES = 256 * 1024;
const STEP_LIMIT = 2000;

export interface Checkpoint {
  /** Lives as long as the turn: how to find its run again. */
  readonly run?: RunnerState;
  /** Lives as long as the session: how to find the agent's memory of it again. */
  readonly session?: RunnerState;
  /** One more thing that the run has done. Lives as long as the turn; written again under its number, it is the same. */
  readonly step?: { readonly number: number; readonly state: RunnerState };
}

/** What there is of a turn and its session. */
export interface StoredCheckpoint {
  readonly run?: RunnerState;
  readonly session?: RunnerState;
  /** By their numbers, from 0 without a gap. */
  readonly steps: readonly RunnerState[];
}

export interface CheckpointPlace {
  readonly conversation: string;
  readonly turnId: string;
  readonly runner: string;
  /** Of the session in which the turn began: what it leaves is not for the one after /new. */
  readonly epoch: number;
}

export interface Checkpoints {
  /** Durable when it resolves with true; false when another worker has the turn. Parts not given stay as they are. */
  save(place: CheckpointPlace, fence: Fence, checkpoint: Checkpoint): Promise<boolean>;
  /** What this kind of runner has stored for this turn and this session. */
  read(place: CheckpointPlace): Promise<StoredCheckpoint>;
}

const saveScript = createRedisScript(`
local lock, checkpoint, session = KEYS[1], KEYS[2], KEYS[3]
local token, epoch, run, sessionState, stepField, step = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
if redis.call('GET', lock) ~= token then return 0 end
if run ~= '' then redis.call('HSET', checkpoint, 'run', run) end
if step ~= '' then redis.call('HSET', checkpoint, stepField, step) end
if sessionState ~= '' and (redis.call('HGET', session, 'epoch') or '0') == epoch then
  redis.call('HSET', session, 'runner', sessionState)
end
return 1`);

const stored = z.object({ of: z.string(), state: z.record(z.string(), z.unknown()) });

export function createCheckpoints(deps: { redis: Redis; keys: Keys }): Checkpoints {
  const { redis, keys } = deps;
  saveScript.keepLoaded(redis);
  return {
    async save(place, fence, { run, session, step }) {
      const { conversation } = place;
      const parts = [pack(ownerOfRun(place), run), pack(place.runner, session)];
      const bytes = Buffer.byteLength(parts.join(""));
      if (bytes > CHECKPOINT_LIMIT_BYTES)
        throw new RangeError(`A checkpoint of ${bytes} bytes; at most ${CHECKPOINT_LIMIT_BYTES} are stored.`);
      const touched = [fence.lockKey, keys.checkpoint(conversation), keys.session(conversation)];
      const args = [fence.token, place.epoch, ...parts, ...stepArguments(place, step)];
      return (await saveScript.run(redis, touched, args)) === 1;
    },
    async read(place) {
      const { conversation } = place;
      const ofTurn = await redis.hgetall(keys.checkpoint(conversation));
      const run = unpack(ownerOfRun(place), ofTurn.run ?? null);
      const [epoch, ofSession] = await redis.hmget(keys.session(conversation), "epoch", "runner");
      const session =
        Number(epoch ?? 0) === place.epoch ? unpack(place.runner, ofSession ?? null) : undefined;
      const steps = readSteps(place, ofTurn);
      return { ...(run === undefined ? {} : { run }), ...(session === undefined ? {} : { session }), steps };
    },
  };
}

const stepField = (number: number) => `step:${number}`;

function stepArguments(place: CheckpointPlace, step: Checkpoint["step"]): [string, string] {
  if (step === undefined) return ["", ""];
  const packed = pack(ownerOfRun(place), step.state);
  const bytes = Buffer.byteLength(packed);
  if (bytes > STEP_LIMIT_BYTES || step.number >= STEP_LIMIT)
    throw new RangeError(
      `Step ${step.number} of ${bytes} bytes; at most ${STEP_LIMIT} of ${STEP_LIMIT_BYTES} bytes are stored.`,
    );
  return [stepField(step.number), packed];
}

function readSteps(place: CheckpointPlace, ofTurn: Readonly<Record<string, string>>): RunnerState[] {
  const steps: RunnerState[] = [];
  for (;;) {
    const step = unpack(ownerOfRun(place), ofTurn[stepField(steps.length)] ?? null);
    if (step === undefined) return steps;
    steps.push(step);
  }
}

const ownerOfRun = ({ runner, turnId }: CheckpointPlace) => `${runner} ${turnId}`;

function pack(of: string, state: RunnerState | undefined): string {
  return state === undefined ? "" : JSON.stringify({ of, state });
}

/** What another runner, another turn or another version wrote is not ours to understand. */
function unpack(of: string, text: string | null): RunnerState | undefined {
  if (text === null) return undefined;
  const parsed = stored.safeParse(JSON.parse(text));
  return parsed.success && parsed.data.of === of ? parsed.data.state : undefined;
}
