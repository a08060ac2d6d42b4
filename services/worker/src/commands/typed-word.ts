/** The first word behind a command, from whichever keyboard: full-width letters, digits and signs are the plain ones. */
export function typedWord(args: string): string {
  return args.normalize("NFKC").trim().split(/\s+/u, 1)[0] ?? "";
}
