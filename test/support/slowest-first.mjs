import { createRequire } from "node:module";

// Its types are those of its CommonJS form.
/** @type {typeof import("@jest/test-sequencer")} */
const { default: TestSequencer } = createRequire(import.meta.url)("@jest/test-sequencer");

/** What takes minutes. Without timings of an earlier run jest begins with the largest files, and these are small ones. */
const LONG = ["/scenarios/chaos.test", "/test/compose/", "/test/faults/redis-"];
/** What takes all cores: one at a time, with others in between. */
const BUSY = "/test/faults/scenarios/";

/** So that no worker is left alone with the longest suite at the end, and no two scenarios stand in each other's light. */
class SlowestFirst extends TestSequencer {
  /**
   * @override
   * @param {Parameters<InstanceType<typeof TestSequencer>["sort"]>[0]} tests
   */
  async sort(tests) {
    const all = await super.sort(tests);
    const long = LONG.flatMap((part) => all.filter(({ path }) => path.includes(part)));
    const others = all.filter((test) => !long.includes(test));
    const busy = others.filter(({ path }) => path.includes(BUSY));
    const rest = others.filter((test) => !busy.includes(test));
    const every = Math.max(1, Math.floor(rest.length / (busy.length + 1)));
    const mixed = rest.flatMap((test, index) => [
      test,
      ...((index + 1) % every === 0 ? busy.splice(0, 1) : []),
    ]);
    return [...long, ...mixed, ...busy];
  }
}

// biome-ignore lint/style/noDefaultExport: jest asks for one
export default SlowestFirst;
