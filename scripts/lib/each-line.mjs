/**
 * Hands over a stream's text line by line; the last line also when nothing ends it.
 *
 * @param {NodeJS.ReadableStream | null} stream
 * @param {(line: string) => void} take
 */
export function eachLine(stream, take) {
  let rest = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  });
  stream?.on("end", () => {
    if (rest !== "") take(rest);
  });
}
