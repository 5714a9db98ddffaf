// For this repository's tests; what is published is the command.
export { About } from './about.ts';
export { CustomerDb } from './customer-db.ts';
export { CustomerNotes } from './customer-notes.ts';
export { Customers, type OrderRequest, type SearchRequest } from './customers.ts';
export { default as server } from './server.ts';
