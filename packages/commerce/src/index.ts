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
export { canFollow, openStatuses, orderStatuses, transitions, type OrderStatus } from './order-status.ts';
export type {
  CommerceSchema,
  CustomerTable,
  DefaultedTimestamp,
  OrderEventTable,
  OrderItemTable,
  OrderTable,
  ProductTable,
  TenantTable,
  Timestamp,
} from './schema.ts';
export { demoTemplate } from './template.ts';
