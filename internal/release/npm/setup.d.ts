/** Stops the Rivet that was started when this module was imported. */
export const teardown: () => Promise<void>;
