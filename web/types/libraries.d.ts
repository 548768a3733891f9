/** What we use of libraries that have no types, or such as pull in all of their own sources. */
export const Yasqe: any;
export const forceCollide: any;
export const forceLink: any;
export const forceManyBody: any;
export const forceSimulation: any;
export const forceX: any;
export const forceY: any;
