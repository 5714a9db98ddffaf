export { connectionOptions, migrateCommerce, openCommerce, type ConnectionValues } from './command-line.ts';
export {
  formatCustomerId,
  formatOrderId,
  parseCustomerId,
  parseOrderId,
  type CustomerIdentifier,
  type OrderIdentifier,
} from './identifiers.ts';
export { migrate, schemaVersion } from './migrate.ts';
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
export { demoTemplate } from './template.ts';
