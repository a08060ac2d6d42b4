import { readFileSync } from "node:fs";

const [file = "", testsExit, checksExit] = process.argv.slice(2);
const { passed, failed, skipped } = count(file);
const lines = [
  ...(testsExit === "0" ? [] : [`The tests ended with exit code ${testsExit}.`]),
  ...(checksExit === "0" ? [] : [`The checks (npm run check) ended with exit code ${checksExit}.`]),
  `${passed} passed, ${failed} failed, ${skipped} skipped`,
];
process.stdout.write(`${lines.join("\n")}\n`);

/**
 * From jest's own report; a suite that could not be loaded counts as one failure, and so does a run without a report.
 *
 * @param {string} path
 */
function count(path) {
  try {
    const report = JSON.parse(readFileSync(path, "utf8"));
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
