/** Something the person at the keyboard can mend: its message is shown as it is, without a stack. */
export class PlainError extends Error {}

/**
 * Runs a script's main function; a failure is explained and gives exit code 1.
 *
 * @param {() => Promise<number | void>} main the number is the exit code
 */
export async function runScript(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    console.error(error instanceof PlainError ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
