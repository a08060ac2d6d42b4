// Loaded before anything else, also by a Node that is too old for the rest: plain syntax, no imports.

const NEEDED = "20.19";

/**
 * What to tell the person when this Node cannot run the gateway; undefined when it can.
 *
 * @param {string} version like "20.19.0"
 * @returns {string | undefined}
 */
export function nodeVersionProblem(version) {
  if (rank(version) >= rank(NEEDED)) return undefined;
  return (
    `This is Node.js ${version}, and the gateway needs ${NEEDED} or newer.\n` +
    "Install a current version (https://nodejs.org/en/download, or `nvm install --lts`) and run the command again."
  );
}

/** @param {string} version */
function rank(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major * 1000 + minor;
}

/** Ends the process with an explanation when this Node is too old. */
export function requireNode() {
  const problem = nodeVersionProblem(process.versions.node);
  if (problem === undefined) return;
  console.error(problem);
  process.exit(1);
}
