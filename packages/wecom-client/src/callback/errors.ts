const EXPLANATIONS = {
  signature_invalid: "The signature does not belong to this request under any of the app's tokens.",
  token_invalid: "The callback token must be 1 to 32 letters and digits, as shown in the app's API settings.",
  aes_key_invalid:
    "The EncodingAESKey must be exactly 43 letters and digits, as shown in the app's API settings.",
  ciphertext_invalid: "The encrypted payload is not standard base64 of whole AES blocks.",
  padding_invalid:
    "The decrypted payload is not padded as WeCom pads: the AES key is probably not the right one.",
  length_invalid: "The decrypted payload states a length that it does not have.",
  receive_id_mismatch: "The decrypted payload is addressed to another corp.",
  encoding_invalid: "The payload is not valid UTF-8.",
  xml_invalid: "The payload is not a well-formed XML document with the root element <xml>.",
  xml_doctype: "The payload declares a document type; WeCom never does.",
  xml_too_large: "The payload exceeds the limits on size, depth or number of elements.",
  envelope_invalid: "The request body is not a WeCom callback envelope.",
  message_invalid: "The decrypted XML is not a WeCom message or event.",
} as const;

export type CallbackErrorCode = keyof typeof EXPLANATIONS;

/**
 * A callback that cannot be trusted or understood.
 *
 * `code` is safe to log. The text never quotes the payload, a token or a key, and there is no `cause`,
 * because parser errors quote what they choke on. Never retryable: the same bytes fail the same way.
 */
export class CallbackError extends Error {
  readonly code: CallbackErrorCode;
  readonly retryable = false as const;

  constructor(code: CallbackErrorCode, detail?: string) {
    super(detail === undefined ? EXPLANATIONS[code] : `${EXPLANATIONS[code]} (${detail})`);
    this.name = "CallbackError";
    this.code = code;
  }
}
