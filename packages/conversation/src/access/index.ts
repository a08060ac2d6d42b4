export type { AppRef } from "./access-keys.ts";
export type { AccessRequest, ApprovedUser } from "./access-records.ts";
export {
  type AccessRegistry,
  type Approved,
  createAccessRegistry,
  type Requested,
} from "./access-registry.ts";
export { dropWaiting } from "./drop-waiting.ts";
export { createGatekeeper, type Gatekeeper, type Word } from "./gatekeeper.ts";
export { ACCESS_LIMITS } from "./limits.ts";
export { showPairingCode } from "./pairing-code.ts";
export { createUserList, type UserList, type UserListSettings } from "./user-list.ts";
