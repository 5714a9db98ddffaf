// For this repository's tests; what is published is the command.
export { describeError } from './describe-error.ts';
export type { ConfirmationMode } from './confirmation.ts';
export { OrderEnding } from './order-ending.ts';
export { OrderReading } from './order-reading.ts';
export { OrderWriting } from './order-writing.ts';
export { Orders } from './orders.ts';
export { default as server } from './server.ts';
export { surface } from './surface.gen.ts';
export { TaxRate } from './tax-rate.ts';
