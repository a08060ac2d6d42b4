import { ApiError } from "../api-error.ts";
import type { ApiCall } from "./api-types.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The JSON object in the body. Bad JSON and a GET in place of a POST both answer 40058 (doc 90313). */
export function readJson(call: ApiCall): JsonObject {
  if (call.bodyTooLarge) throw new ApiError(45002);
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(call.body));
  } catch {
    throw new ApiError(40058, "the body is no UTF-8 JSON");
  }
  if (!isObject(parsed)) throw new ApiError(40058, "the body is no JSON object");
  return parsed;
}

/** Control characters and lone surrogates: what JSON can only write as \uXXXX. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the point.
const ILLEGAL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]|\p{Surrogate}/u;

/** A string field; absent is "". Characters that WeCom refuses answer 40033. */
export function text(object: JsonObject, field: string): string {
  const value = object[field];
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") throw new ApiError(40058, `${field} is no string`);
  if (ILLEGAL.test(value)) throw new ApiError(40033, field);
  return value;
}

/** A nested object; absent is an empty one. */
export function object(parent: JsonObject, field: string): JsonObject {
  const value = parent[field];
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw new ApiError(40058, `${field} is no object`);
  return value;
}

/** A list of objects; absent is empty. */
export function objects(parent: JsonObject, field: string): readonly JsonObject[] {
  const value = parent[field];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isObject))
    throw new ApiError(40058, `${field} is no list of objects`);
  return value;
}

/** A list of ids, given as strings or integers; absent is empty. */
export function ids(parent: JsonObject, field: string): readonly string[] {
  const value = parent[field];
  if (value === undefined || value === null) return [];
  const isId = (id: unknown) => typeof id === "string" || Number.isInteger(id);
  if (!Array.isArray(value) || !value.every(isId)) throw new ApiError(40058, `${field} is no list of ids`);
  return value.map(String);
}

export function hasScheme(url: string): boolean {
  return /^https?:\/\/\S/i.test(url);
}
