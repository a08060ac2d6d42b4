/** What an agent said in a turn, in the pieces in which it said it. */
export interface Answer {
  text(text: string, messageId: string | undefined): void;
  /** It turned to a tool: what it says next is a new piece. */
  cut(): void;
  /** The last piece that says anything: earlier ones are remarks on the way. */
  final(): string;
}

export function createAnswer(limitBytes: number, onOverflow: () => void): Answer {
  let last = "";
  let current = "";
  let currentId: string | undefined;
  let bytes = 0;
  const cut = () => {
    if (current.trim() !== "") last = current;
    current = "";
    bytes = 0;
    currentId = undefined;
  };
  return {
    text(text, messageId) {
      if (messageId !== undefined && currentId !== undefined && messageId !== currentId) cut();
      currentId = messageId ?? currentId;
      bytes += Buffer.byteLength(text);
      if (bytes > limitBytes) onOverflow();
      else current += text;
    },
    cut,
    final: () => (current.trim() === "" ? last : current).trim().toWellFormed(),
  };
}
