const RANGE = "请在通讯录核对账号，并确认其在应用可见范围内（应用管理 → 应用 → 可见范围）。";
const SECRET = "请从管理后台该应用的页面重新复制 Secret 到配置中，并确认应用已启用。";
const AUTO = "无需处理，会自动重试。";
const APP = "请管理员在管理后台启用该应用（应用管理 → 应用）。";
const PERMISSION = "请在管理后台为应用授予该权限。";

type ErrcodeTextZh = readonly [cause: string, remedy: string];

const WRONG_SECRET: ErrcodeTextZh = ["Secret 错误、已被重置，或属于其他应用。", SECRET];

/** The codes that operators meet, in Chinese; the whole table is in wecom-client (`describeErrcode`). */
export function errcodeTextZh(errcode: number, api: string): ErrcodeTextZh | undefined {
  return errcode === 40001 && api === "gettoken" ? WRONG_SECRET : TEXTS.get(errcode);
}

const TEXTS: ReadonlyMap<number, ErrcodeTextZh> = new Map<number, ErrcodeTextZh>([
  [-1, ["企业微信系统繁忙。", AUTO]],
  [6000, ["数据同时被其他调用修改。", AUTO]],
  // Which of the two it was, a timeline does not say.
  [
    40001,
    [
      "access_token 已失效，或 Secret 错误。",
      "若总览提示该应用无法发送，请核对 Secret；否则无需处理，会自动重试。",
    ],
  ],
  [40014, ["access_token 无效。", AUTO]],
  [42001, ["access_token 已过期。", AUTO]],
  [40013, ["企业 ID 错误。", "请从管理后台“我的企业”页面复制企业 ID 到配置中。"]],
  [40056, ["AgentId 错误。", "请核对配置中的 AgentId 与应用页面上的一致。"]],
  [40091, ["Secret 属于另一个企业。", SECRET]],
  [301002, ["access_token 与 AgentId 不属于同一应用。", "请核对该应用的 Secret 与 AgentId 是否成对。"]],
  [45009, ["已达到企业微信的频率限制。", "无需处理：会暂停后自动继续。"]],
  [45033, ["同一接口并发调用过多。", "无需处理：会自动降低并发。"]],
  [
    60020,
    [
      "网关出口 IP 不在应用的企业可信 IP 中。",
      "请管理员在应用页面的“企业可信IP”中加入网关的出口 IP；回复会保留，加入后自动发送。",
    ],
  ],
  [48001, ["该企业未授权此接口。", PERMISSION]],
  [48002, ["应用无权调用该接口。", PERMISSION]],
  [48006, ["应用因长期未使用被收回权限。", APP]],
  [50003, ["应用已被停用。", APP]],
  [60031, ["应用不可使用接口。", APP]],
  [301007, ["企业已解散或被封禁。", APP]],
  [40003, ["成员账号无效。", RANGE]],
  [40031, ["成员账号列表无效。", RANGE]],
  [40066, ["部门列表无效。", RANGE]],
  [40068, ["标签无效。", RANGE]],
  [46004, ["成员不存在。", RANGE]],
  [50002, ["成员不在应用权限范围内。", RANGE]],
  [60011, ["应用对该成员、部门或标签没有权限。", RANGE]],
  [60021, ["成员不在应用可见范围内。", RANGE]],
  [60111, ["成员账号不存在。", RANGE]],
  [81013, ["所有接收者均无效或不在应用可见范围内。", RANGE]],
  [40033, ["内容含有企业微信不接受的字符。", "请反馈该问题：网关发送前应已清理。"]],
  [44004, ["文本内容为空。", "请反馈该问题：网关不应发送空内容。"]],
  [45002, ["内容超过长度限制。", "请反馈该问题：内容在保存前应已切分。"]],
]);
