import type { XmlElement } from "../xml.ts";
import { child, children, decimal, defined, text, token } from "../xml-fields.ts";

/** An approval that our app started through WeCom's approval flow engine (WeCom doc 90240). */
export interface OpenApprovalContent {
  /** Our own number of the approval. */
  readonly thirdNo: string;
  readonly name?: string;
  /** A string, whatever it looks like. */
  readonly templateId?: string;
  /** 1 under way, 2 approved, 3 refused, 4 withdrawn. */
  readonly status?: number;
  /** Epoch seconds. */
  readonly applyTime?: number;
  readonly applicantName?: string;
  readonly applicantUserId?: string;
  readonly applicantParty?: string;
  readonly applicantImage?: string;
  readonly approvalNodes: readonly OpenApprovalNode[];
  readonly notifyNodes: readonly ApprovalPerson[];
  /** Index of the current node. */
  readonly approverStep?: number;
}
interface OpenApprovalNode {
  readonly status?: number;
  /** Whether one approver or all of them must agree, as WeCom's number. */
  readonly attribute?: number;
  /** How the approvers were chosen, as WeCom's number. */
  readonly type?: number;
  readonly people: readonly ApprovalPerson[];
}
interface ApprovalPerson {
  readonly name?: string;
  readonly userId?: string;
  readonly party?: string;
  readonly image?: string;
  readonly status?: number;
  readonly speech?: string;
  /** Epoch seconds; 0 before the person has acted. */
  readonly operatedAt?: number;
}
/** An approval of WeCom's own approval app, for apps that subscribe to it (WeCom doc 91815). */
export interface SystemApprovalContent {
  readonly approvalNo: string;
  readonly name?: string;
  readonly templateId?: string;
  readonly status?: number;
  /** What happened: submitted, approved, refused, passed on, withdrawn, … as WeCom's number. */
  readonly statusChange?: number;
  /** Epoch seconds. */
  readonly applyTime?: number;
  readonly applicantUserId?: string;
  readonly applicantParty?: string;
  /** All of `ApprovalInfo`, with the steps, comments and copies that are not typed here. */
  readonly info: Readonly<Record<string, unknown>>;
}

export function readOpenApproval(xml: XmlElement): OpenApprovalContent | undefined {
  const info = child(xml, "ApprovalInfo");
  const thirdNo = info && token(info, "ThirdNo");
  if (info === undefined || thirdNo === undefined) return undefined;
  const nodes = child(info, "ApprovalNodes");
  const notified = child(info, "NotifyNodes");
  return defined({
    thirdNo,
    name: text(info, "OpenSpName"),
    templateId: token(info, "OpenTemplateId"),
    status: decimal(info, "OpenSpStatus"),
    applyTime: decimal(info, "ApplyTime"),
    applicantName: text(info, "ApplyUserName"),
    applicantUserId: token(info, "ApplyUserId"),
    applicantParty: text(info, "ApplyUserParty"),
    applicantImage: token(info, "ApplyUserImage"),
    approvalNodes: nodes === undefined ? [] : children(nodes, "ApprovalNode").map(readNode),
    notifyNodes: notified === undefined ? [] : children(notified, "NotifyNode").map(readPerson),
    approverStep: decimal(info, "ApproverStep") ?? decimal(info, "approverstep"),
  });
}

export function readSystemApproval(xml: XmlElement): SystemApprovalContent | undefined {
  const info = child(xml, "ApprovalInfo");
  const approvalNo = info && token(info, "SpNo");
  if (info === undefined || approvalNo === undefined) return undefined;
  const applicant = child(info, "Applyer");
  return defined({
    approvalNo,
    name: text(info, "SpName"),
    templateId: token(info, "TemplateId"),
    status: decimal(info, "SpStatus"),
    statusChange: decimal(info, "StatuChangeEvent"),
    applyTime: decimal(info, "ApplyTime"),
    applicantUserId: applicant && token(applicant, "UserId"),
    applicantParty: applicant && token(applicant, "Party"),
    info,
  });
}

function readNode(node: XmlElement): OpenApprovalNode {
  const items = child(node, "Items");
  return defined({
    status: decimal(node, "NodeStatus"),
    attribute: decimal(node, "NodeAttr"),
    type: decimal(node, "NodeType"),
    people: items === undefined ? [] : children(items, "Item").map(readPerson),
  });
}

function readPerson(item: XmlElement): ApprovalPerson {
  return defined({
    name: text(item, "ItemName"),
    // Documentation and pushes differ in the case of the last letters.
    userId: token(item, "ItemUserid") ?? token(item, "ItemUserId"),
    party: text(item, "ItemParty"),
    image: token(item, "ItemImage"),
    status: decimal(item, "ItemStatus"),
    speech: text(item, "ItemSpeech"),
    operatedAt: decimal(item, "ItemOpTime"),
  });
}
