import { fileURLToPath } from "node:url";
import { expect, it } from "@jest/globals";
import { loadTexts } from "./load-texts.ts";

it("config/texts.example.yaml replaces texts as it says", () => {
  const overridesFile = fileURLToPath(new URL("../../../config/texts.example.yaml", import.meta.url));
  const { turn } = loadTexts({ language: "zh-CN", overridesFile });
  expect(turn.failed({ reference: "cb-1" })).toContain("IT 服务台：\ncb-1");
  expect(turn.unsupported).toContain("文字");
});
