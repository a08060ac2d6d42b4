import type { Token } from "markdown-it";

/** A block and what it contains. */
export interface Block {
  readonly token: Token;
  readonly children: readonly Block[];
}

/** Folds the parser's flat list of tokens; the parser has bounded the depth. */
export function buildBlockTree(tokens: readonly Token[]): Block[] {
  const root: Block[] = [];
  const open: Block[][] = [root];
  for (const token of tokens) {
    if (token.nesting === -1) {
      if (open.length > 1) open.pop();
      continue;
    }
    const children: Block[] = [];
    open.at(-1)?.push({ token, children });
    if (token.nesting === 1) open.push(children);
  }
  return root;
}
