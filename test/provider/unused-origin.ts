/**
 * An origin on this machine where nothing listens. Not one that was free a moment ago: whatever runs beside the test may
 * have it the next moment. Ports this low are given to nobody who did not ask for them.
 */
export const UNUSED_ORIGIN = "https://127.0.0.1:1"
