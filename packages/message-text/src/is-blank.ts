/** True when nothing would be seen: WeCom refuses such a message (44004). */
export function isBlank(text: string): boolean {
  return !/[^\s\p{Default_Ignorable_Code_Point}]/u.test(text);
}
