import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "@jest/globals";
import { encodeMultipart } from "./multipart.ts";

const sizeMismatch = () => new Error("size mismatch");
const file = {
  filename: "报告.pdf",
  contentType: "application/pdf",
  content: Buffer.from("123456"),
  sizeBytes: 6,
  sizeMismatch,
};

describe("encodeMultipart", () => {
  it("sends the name as raw UTF-8 in filename=, and the size it announces", async () => {
    const form = encodeMultipart(file);
    const bytes = await buffer(form.content);
    expect(bytes.length).toBe(form.sizeBytes);
    expect(bytes.toString("utf8")).toContain('name="media"; filename="报告.pdf"; filelength=6\r\n');
    expect(bytes.toString("utf8")).not.toContain("filename*");
  });

  it("lets no name and no content type break out of its header", async () => {
    const evil = 'x"\r\nContent-Type: text/html\r\n\r\n<script>.txt';
    const form = encodeMultipart({ ...file, filename: evil, contentType: "text/plain\r\nX-Evil: 1" });
    const head = (await buffer(form.content)).toString("utf8").split("\r\n\r\n")[0] ?? "";
    expect(head.split("\r\n")).toHaveLength(3);
    expect(head).not.toContain("X-Evil");
  });

  it.each([5, 7])("fails when the stream does not have the %i bytes announced", async (sizeBytes) => {
    const form = encodeMultipart({ ...file, content: Readable.from([Buffer.from("123456")]), sizeBytes });
    await expect(buffer(form.content)).rejects.toThrow("size mismatch");
  });
});
