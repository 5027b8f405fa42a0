/** WatermelonDB as a contender. */
export const peer = { unavailable: 'it is not here yet', command: [] };
