import type { XmlElement } from "../xml.ts";
import { child, children, commaList, decimal, defined, text, token } from "../xml-fields.ts";

/**
 * A change in the address book, discriminated on `changeType`. Goes to contact-sync apps, normally not to a
 * plain self-built one; addresses set after August 2022 get ids only.
 */
export type ContactChangeContent = MemberChange | DepartmentChange | TagChange;

/** WeCom doc 90970. */
interface MemberChange {
  readonly changeType: "create_user" | "update_user" | "delete_user";
  readonly userId: string;
  /** Set when the user id itself was changed. */
  readonly newUserId?: string;
  readonly name?: string;
  readonly alias?: string;
  readonly position?: string;
  readonly mobile?: string;
  readonly telephone?: string;
  readonly email?: string;
  readonly bizMail?: string;
  readonly address?: string;
  readonly avatar?: string;
  readonly gender?: string;
  readonly status?: string;
  readonly mainDepartmentId?: string;
  readonly departmentIds: readonly string[];
  /** "1" or "0" for each of `departmentIds`. */
  readonly isLeaderInDepartment: readonly string[];
  readonly directLeaderIds: readonly string[];
  readonly attributes: readonly MemberAttribute[];
}
interface MemberAttribute {
  readonly name: string;
  /** The text, or a link's address. */
  readonly value: string;
  /** A link's title. */
  readonly title?: string;
}
/** WeCom doc 90971. */
interface DepartmentChange {
  readonly changeType: "create_party" | "update_party" | "delete_party";
  readonly departmentId: string;
  readonly name?: string;
  readonly parentId?: string;
  readonly order?: number;
}
/** WeCom doc 90972. */
interface TagChange {
  readonly changeType: "update_tag";
  readonly tagId: string;
  readonly addedUserIds: readonly string[];
  readonly removedUserIds: readonly string[];
  readonly addedDepartmentIds: readonly string[];
  readonly removedDepartmentIds: readonly string[];
}

/** A change type that is not known here makes the event unsupported. */
export function readContactChange(xml: XmlElement): ContactChangeContent | undefined {
  const changeType = token(xml, "ChangeType")?.toLowerCase();
  switch (changeType) {
    case "create_user":
    case "update_user":
    case "delete_user":
      return readMember(changeType, xml);
    case "create_party":
    case "update_party":
    case "delete_party":
      return readDepartment(changeType, xml);
    case "update_tag":
      return readTag(changeType, xml);
    default:
      return undefined;
  }
}

function readMember(changeType: MemberChange["changeType"], xml: XmlElement): MemberChange | undefined {
  const userId = token(xml, "UserID");
  if (userId === undefined) return undefined;
  return defined({
    changeType,
    userId,
    newUserId: token(xml, "NewUserID"),
    name: text(xml, "Name"),
    alias: text(xml, "Alias"),
    position: text(xml, "Position"),
    mobile: token(xml, "Mobile"),
    telephone: token(xml, "Telephone"),
    email: token(xml, "Email"),
    bizMail: token(xml, "BizMail"),
    address: text(xml, "Address"),
    avatar: token(xml, "Avatar"),
    gender: token(xml, "Gender"),
    status: token(xml, "Status"),
    mainDepartmentId: token(xml, "MainDepartment"),
    departmentIds: commaList(xml, "Department"),
    isLeaderInDepartment: commaList(xml, "IsLeaderInDept"),
    directLeaderIds: commaList(xml, "DirectLeader"),
    attributes: readAttributes(xml),
  });
}

function readAttributes(xml: XmlElement): MemberAttribute[] {
  const extended = child(xml, "ExtAttr");
  const items = extended === undefined ? [] : children(extended, "Item");
  return items.map((item) => {
    const plain = child(item, "Text");
    const web = child(item, "Web");
    const value = (plain && text(plain, "Value")) ?? (web && text(web, "Url")) ?? text(item, "Value") ?? "";
    return defined({ name: text(item, "Name") ?? "", value, title: web && text(web, "Title") });
  });
}

function readDepartment(
  changeType: DepartmentChange["changeType"],
  xml: XmlElement,
): DepartmentChange | undefined {
  const departmentId = token(xml, "Id");
  if (departmentId === undefined) return undefined;
  return defined({
    changeType,
    departmentId,
    name: text(xml, "Name"),
    parentId: token(xml, "ParentId"),
    order: decimal(xml, "Order"),
  });
}

function readTag(changeType: TagChange["changeType"], xml: XmlElement): TagChange | undefined {
  const tagId = token(xml, "TagId");
  if (tagId === undefined) return undefined;
  return {
    changeType,
    tagId,
    addedUserIds: commaList(xml, "AddUserItems"),
    removedUserIds: commaList(xml, "DelUserItems"),
    addedDepartmentIds: commaList(xml, "AddPartyItems"),
    removedDepartmentIds: commaList(xml, "DelPartyItems"),
  };
}
