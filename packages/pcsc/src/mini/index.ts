export { miniBinding } from './mini-binding.ts';
