/** An answer of the API that is not a success. `hint` says what to do; `more` is for programs. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, hint: string, more: Readonly<Record<string, unknown>> = {}) {
    super(hint);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}
