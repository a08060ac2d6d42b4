import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** The path of a program, looked for as a shell would; undefined when there is none that may be executed. */
export async function findProgram(program: string, path: string): Promise<string | undefined> {
  if (program === "") return undefined;
  const folders = program.includes("/") ? [""] : path.split(delimiter);
  for (const folder of folders) {
    const candidate = join(folder, program);
    const found = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
  }
  return undefined;
}
