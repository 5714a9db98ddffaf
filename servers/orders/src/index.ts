// For this repository's tests; what is published is the command.
export { OrderReading } from './order-reading.ts';
export { Orders } from './orders.ts';
export { surface } from './surface.gen.ts';
