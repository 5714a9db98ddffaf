export { connectionOptions, openCommerce, type ConnectionValues } from './command-line.ts';
export { operatorCommands } from './operator/commands.ts';
export {
  formatCustomerId,
  formatOrderId,
  parseCustomerId,
  parseOrderId,
  type CustomerIdentifier,
  type OrderIdentifier,
} from './identifiers.ts';
export { migrate, schemaVersion, type Migrated } from './migrate.ts';
export { databaseHealth, type DatabaseHealth } from './health.ts';
export { READ_ROLE, WRITE_ROLE } from './roles.ts';
export { minorDigits, money, type Money } from './money.ts';
export { CursorSigner, type Position } from './cursor.ts';
export {
  actions,
  allowedActions,
  canFollow,
  openStatuses,
  orderStatuses,
  transitions,
  type OrderAction,
  type OrderStatus,
} from './order-status.ts';
export type {
  AuditLogTable,
  CommerceSchema,
  ConfirmationTable,
  CustomerNoteTable,
  CustomerTable,
  DefaultedTimestamp,
  IdempotencyKeyTable,
  OrderEventTable,
  OrderItemTable,
  OrderTable,
  ProductTable,
  TenantTable,
  Timestamp,
} from './schema.ts';
export {
  CURRENT_TENANT,
  tenancyOptions,
  Tenants,
  tenantDatabase,
  type Caller,
  type TenancyValues,
  type TenantDatabase,
} from './tenancy.ts';
export { Privacy, privacyOptions, type PrivacyMode, type Stored, type StoredKind } from './privacy.ts';
export { callOf, requestHash, type Call } from './call.ts';
export { RecordedChanges, type Answered, type Change } from './changes.ts';
export { limitOptions, limits, type Limits, type LimitValues } from './limits.ts';
export { QueryBudget, withinBudget } from './query-budget.ts';
export { plainRowText } from './row-text.ts';
export { describeTimeZoneError, instant, timeZone } from './instants.ts';
export { demoTemplate } from './template.ts';
