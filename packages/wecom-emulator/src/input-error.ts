/** Something the emulator was asked to do makes no sense; the message says what. */
export class InputError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "InputError";
  }
}
