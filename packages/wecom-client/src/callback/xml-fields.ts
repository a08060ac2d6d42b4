import type { XmlElement, XmlNode } from "./xml.ts";
import { isElement } from "./xml.ts";

const DECIMAL = /^-?\d{1,15}(?:\.\d{1,15})?$/;

/** The element's text exactly as sent; undefined when it is absent, repeated or has children. */
export function text(parent: XmlElement, name: string): string | undefined {
  const node = parent[name];
  return typeof node === "string" ? node : undefined;
}

/** An id or keyword: the text without surrounding space, undefined when nothing is left. */
export function token(parent: XmlElement, name: string): string | undefined {
  return text(parent, name)?.trim() || undefined;
}

/** A decimal number; undefined when the text is not one. Never for ids: they are strings. */
export function decimal(parent: XmlElement, name: string): number | undefined {
  const value = token(parent, name);
  return value !== undefined && DECIMAL.test(value) ? Number(value) : undefined;
}

/** The items of a comma-separated text; empty when it is absent or empty. */
export function commaList(parent: XmlElement, name: string): readonly string[] {
  const items = token(parent, name)?.split(",") ?? [];
  return items.map((item) => item.trim()).filter((item) => item !== "");
}

/** The one child element of that name; undefined when it is absent, repeated or holds text only. */
export function child(parent: XmlElement, name: string): XmlElement | undefined {
  const node = parent[name];
  return isElement(node) ? node : undefined;
}

/** Every child element of that name, whether it occurs once, often or never. */
export function children(parent: XmlElement, name: string): readonly XmlElement[] {
  return occurrences(parent, name).filter(isElement);
}

/** The texts of every occurrence of that name. */
export function texts(parent: XmlElement, name: string): readonly string[] {
  return occurrences(parent, name).filter((node) => typeof node === "string");
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The same object without the properties that are undefined. */
export function defined<T extends object>(fields: T): Defined<T> {
  // Usually none is undefined, and then there is nothing to copy.
  if (!Object.values(fields).includes(undefined)) return fields as Defined<T>;
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}

function occurrences(parent: XmlElement, name: string): readonly XmlNode[] {
  const node = parent[name];
  if (node === undefined) return [];
  return typeof node === "string" || isElement(node) ? [node] : node;
}
