export { type ServedCard, type ServeOptions, serveVpcd } from './serve.ts';
