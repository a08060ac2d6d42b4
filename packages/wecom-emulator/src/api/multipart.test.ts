import { describe, expect, it } from "@jest/globals";
import { readUploadedFile } from "./multipart.ts";

const TYPE = "multipart/form-data; boundary=----b0undary";

function body(disposition: string, content: Buffer | string = "content"): Buffer {
  return Buffer.concat([
    Buffer.from(
      `------b0undary\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: text/plain\r\n\r\n`,
    ),
    Buffer.from(content),
    Buffer.from("\r\n------b0undary--\r\n"),
  ]);
}

const errcode = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return (error as { errcode?: number }).errcode;
  }
  return 0;
};

describe("readUploadedFile", () => {
  it("gives the bytes as they were, with a name in plain UTF-8", () => {
    const content = Buffer.from([0, 13, 10, 45, 45, 255, 13, 10]);
    const file = readUploadedFile(body('name="media"; filename="报告.pdf"', content), TYPE);
    expect(file).toMatchObject({ filename: "报告.pdf", contentType: "text/plain" });
    expect(Buffer.from(file.content)).toEqual(content);
  });

  it.each([
    ["another field", body('name="file"; filename="a.txt"'), TYPE],
    ["no file name", body('name="media"'), TYPE],
    ["a name only after filename*", body("name=\"media\"; filename*=UTF-8''a.txt"), TYPE],
    ["both kinds of name", body('name="media"; filename="a.txt"; filename*=UTF-8\'\'a.txt'), TYPE],
    ["no multipart at all", Buffer.from("{}"), "application/json"],
    ["a part without an end", Buffer.from("------b0undary\r\nContent-Disposition: x"), TYPE],
  ])("answers 44001 to %s", (_what, bytes, type) => {
    expect(errcode(() => readUploadedFile(bytes, type))).toBe(44001);
  });
});
