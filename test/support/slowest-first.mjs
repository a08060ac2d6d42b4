import { createRequire } from "node:module";

// Its types are those of its CommonJS form.
/** @type {typeof import("@jest/test-sequencer")} */
const { default: TestSequencer } = createRequire(import.meta.url)("@jest/test-sequencer");

/** What takes minutes. Without timings of an earlier run jest begins with the largest files, and these are small ones. */
const SLOWEST = ["/test/faults/scenarios/", "/test/compose/", "/test/integration/crash/", "/test/faults/"];

/** So that no worker is left alone with the longest suite at the end. */
class SlowestFirst extends TestSequencer {
  /**
   * @override
   * @param {Parameters<InstanceType<typeof TestSequencer>["sort"]>[0]} tests
   */
  async sort(tests) {
    return (await super.sort(tests)).sort((a, b) => rank(a.path) - rank(b.path));
  }
}

/** @param {string} path */
function rank(path) {
  const found = SLOWEST.findIndex((folder) => path.includes(folder));
  return found < 0 ? SLOWEST.length : found;
}

// biome-ignore lint/style/noDefaultExport: jest asks for one
export default SlowestFirst;
