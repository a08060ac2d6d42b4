/**
 * Rows of two columns, the first padded.
 *
 * @param {readonly (readonly [string, string])[]} rows
 * @returns {string}
 */
export function table(rows) {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`).join("\n");
}
