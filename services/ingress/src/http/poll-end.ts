/**
 * The end of the event loop's poll phase, when every request that had arrived has been read. All who wait for the same
 * end go on in a row: ten answers in a row cost a good deal less than ten in between other work.
 */
export function createPollEnd(): () => Promise<void> {
  let end: Promise<void> | undefined;
  return () => {
    end ??= new Promise((resolve) => {
      setImmediate(() => {
        end = undefined;
        resolve();
      });
    });
    return end;
  };
}
