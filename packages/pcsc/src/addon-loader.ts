/** Where a native addon comes from; tests bring their own. */
export type AddonLoader = () => unknown;
