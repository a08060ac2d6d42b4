/** The query of every callback request (WeCom doc 90930). Values are decoded once and otherwise untouched. */
export interface SignedQuery {
  readonly msgSignature: string;
  /** Epoch seconds, digits only. */
  readonly timestamp: string;
  readonly nonce: string;
}

/** The URL check also carries the challenge. */
export interface HandshakeQuery extends SignedQuery {
  readonly echostr: string;
}
