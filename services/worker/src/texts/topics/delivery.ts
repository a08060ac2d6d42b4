import { defineTexts } from "../define-texts.ts";

/** What is said about replies that did not go out as they should. */
export const deliveryTexts = defineTexts({
  late: {
    "zh-CN": "🕓 以下回复因服务中断晚到了 {late}：\n{text}",
    en: "🕓 This reply is {late} late because of an outage:\n{text}",
  },
});
